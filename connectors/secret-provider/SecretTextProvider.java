package market.crypto.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Resolves {@code ${provider:region:secret}} in a connector's configuration to the whole text of that secret in AWS Secrets
 * Manager, by the worker's own credentials. The secret is an ARN or a name.
 */
public final class SecretTextProvider implements ConfigProvider {
    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public ConfigData get(String region) {
        throw new ConfigException("expected ${provider:region:secret}, got no secret for region " + region);
    }

    @Override
    public ConfigData get(String region, Set<String> secrets) {
        Map<String, String> texts = new HashMap<>();
        try (SecretsManagerClient client = SecretsManagerClient.builder()
                .region(Region.of(region))
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
            for (String secret : secrets) texts.put(secret, textOf(client, secret));
        }
        // without a time to live: the worker takes a changed secret at its next start
        return new ConfigData(texts);
    }

    private static String textOf(SecretsManagerClient client, String secret) {
        String text;
        try {
            text = client.getSecretValue(request -> request.secretId(secret)).secretString();
        } catch (SdkException error) {
            // Connect shows the message, and the SDK's has no secret in it
            throw new ConfigException("expected to read secret " + secret + ", got: " + error.getMessage());
        }
        if (text == null) throw new ConfigException("expected secret " + secret + " to hold text, got bytes");
        return text;
    }

    @Override
    public void close() {}
}
