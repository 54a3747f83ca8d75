/**
 * Ways to get a stage wrong that linters let through, one a line: what it is, which stage is changed, the settings as
 * JSON by their path (`-` takes one out), and words that the refusal has to have.
 */
export const WRONG_STAGES = `
a region without Managed Grafana | dev | region="eu-north-1" | region: expected a region with all the services
zones of another region | dev | region="eu-west-1" | zones.0: expected a zone of eu-west-1
one zone twice | dev | zones=["ap-northeast-1a","ap-northeast-1a"] | zones: expected each zone once
one zone | dev | zones=["ap-northeast-1a"] | zones.length: expected a whole number from 2 to 3, got 1
no network | dev | network.cidr="10.40.0.0" | network.cidr: expected a network as 10.40.0.0/20
a network of public addresses | dev | network.cidr="8.8.0.0/20" | network.cidr: expected a private network
a network too small | dev | network.cidr="10.40.0.0/24" | network.cidr: expected a prefix from /16 to /22
a network too large | dev | network.cidr="10.0.0.0/8" | network.cidr: expected a prefix from /16 to /22
a network that begins in the middle | dev | network.cidr="10.40.1.0/20" | network.cidr: expected the first address of a /20
no way out | dev | network.natGateways=0 | network.natGateways: expected a whole number from 1 to 2, got 0
more NAT gateways than zones | dev | network.natGateways=3 | network.natGateways: expected a whole number from 1 to 2, got 3

a broker type that there is not | dev | stream.brokers.instanceType="kafka.m7g.small" | stream.brokers.instanceType: expected one of kafka.t3.small
a broker type of the other family | prod | stream.brokers.instanceType="express.m7g.large" | these are the types of the family standard
a family that there is not | dev | stream.brokers.family="serverless" | stream.brokers.family: expected 'standard' | 'express', got "serverless"
the smallest broker with KRaft | dev | stream.kafkaVersion="3.9.x.kraft" | stream.kafkaVersion: expected a version without KRaft, as 3.9.x, for kafka.t3.small
a version of Kafka as Apache writes it | dev | stream.kafkaVersion="3.9.1" | stream.kafkaVersion: expected one of 3.7.x
a version of Kafka that only express brokers have | prod | stream.kafkaVersion="4.2.x.kraft" | stream.kafkaVersion: expected one of 3.7.x
Kafka 4 with ZooKeeper | prod | stream.kafkaVersion="4.0.x" | stream.kafkaVersion: expected one of 3.7.x
brokers that do not divide among the zones | prod | stream.brokerCount=4 | stream.brokerCount: expected a multiple of the 3 zones, got 4
no broker | dev | stream.brokerCount=0 | stream.brokerCount: expected a multiple of the 2 zones, got 0
more brokers than MSK allows | dev | stream.brokerCount=32 | stream.brokerCount: expected a whole number from 2 to 30, got 32
no storage | dev | stream.brokers.storageGiB=0 | stream.brokers.storageGiB: expected a whole number from 1 to 16384
standard brokers that do not say their storage | dev | stream.brokers.storageGiB - | stream.brokers.storageGiB: expected number, got nothing
express brokers with storage | prod | stream.brokers={"family":"express","instanceType":"express.m7g.large","storageGiB":100} | stream.brokers.storageGiB: expected none with express brokers
express brokers in two zones | dev | stream.brokers={"family":"express","instanceType":"express.m7g.large"} | zones: expected three zones for express brokers
express brokers with two replicas | prod | stream.brokers={"family":"express","instanceType":"express.m7g.large"}, stream.replicationFactor=2 | stream.replicationFactor: expected 3 with express brokers
express brokers with three in-sync replicas | prod | stream.brokers={"family":"express","instanceType":"express.m7g.large"}, stream.minInsyncReplicas=3 | stream.minInsyncReplicas: expected 2 with express brokers
more replicas than brokers | dev | stream.replicationFactor=3 | stream.replicationFactor: expected 2, got 3
a single replica | dev | stream.replicationFactor=1 | stream.replicationFactor: expected 2, got 1
an acknowledgement by one broker | dev | stream.minInsyncReplicas=1 | stream.minInsyncReplicas: expected 2, got 1
more in-sync replicas than there are | prod | stream.minInsyncReplicas=4 | stream.minInsyncReplicas: expected a whole number from 2 to 3, got 4
a protected stage that can't write while a broker restarts | prod | stream.minInsyncReplicas=3 | stream.minInsyncReplicas: expected fewer than the 3 replicas in a protected stage
no partition | dev | stream.partitions=0 | stream.partitions: expected a whole number from 1 to 100
half a partition | dev | stream.partitions=1.5 | stream.partitions: expected a whole number from 1 to 100
a stream that keeps nothing | dev | stream.retentionDays=0 | stream.retentionDays: expected a whole number from 1 to 365

symbols in no form that the exporter reads | dev | exporter.symbols="top:" | exporter.symbols: expected a list like BTCUSDT,ETHUSDT or top:N
CPU units that Fargate does not have | dev | exporter.cpu=300 | exporter.cpu: expected one of 256, 512
memory that does not go with the CPU units | dev | exporter.memoryMiB=4096 | exporter.memoryMiB: expected one of 512, 1024, 2048, got 4096
an image by its tag | dev | exporter.image={"from":"registry","name":"ghcr.io/example/market:latest"} | exporter.image.name: expected an image pinned by digest
an image with half a digest | dev | exporter.image={"from":"registry","name":"ghcr.io/example/market@sha256:abcd"} | exporter.image.name: expected an image pinned by digest

metrics kept for longer than the store can | dev | metrics.retentionDays=2000 | metrics.retentionDays: expected a whole number from 1 to 1095
an out-of-order window that the store does not allow | dev | metrics.outOfOrderWindowSeconds=3600 | metrics.outOfOrderWindowSeconds: expected a whole number from 0 to 600
more memory than Lambda has | dev | metrics.consumer.memoryMiB=16384 | metrics.consumer.memoryMiB: expected a whole number from 128 to 10240
a timeout that MSK does not wait for | dev | metrics.consumer.timeoutSeconds=900 | metrics.consumer.timeoutSeconds: expected a whole number from 20 to 840
a timeout without time to keep aside | dev | metrics.consumer.timeoutSeconds=10 | metrics.consumer.timeoutSeconds: expected a whole number from 20 to 840
a batch that Lambda does not take | dev | metrics.consumer.batchSize=20000 | metrics.consumer.batchSize: expected a whole number from 1 to 10000
a window between seconds | dev | metrics.consumer.windowMilliseconds=1500 | metrics.consumer.windowMilliseconds: expected 500, or whole seconds
a window longer than the timeout | dev | metrics.consumer.windowMilliseconds=90000 | metrics.consumer.windowMilliseconds: expected less than the function's timeout of 60 s
fewer calls at once than partitions | dev | metrics.consumer.reservedConcurrency=5 | metrics.consumer.reservedConcurrency: expected a whole number from 6 to 1000, got 5
no poller | prod | metrics.consumer.pollers.minimum=0 | metrics.consumer.pollers.minimum: expected a whole number from 1 to 200
fewer pollers at most than at least | prod | metrics.consumer.pollers={"minimum":3,"maximum":2} | metrics.consumer.pollers.maximum: expected a whole number from 3 to 12, got 2
more pollers than partitions | prod | metrics.consumer.pollers.maximum=13 | metrics.consumer.pollers.maximum: expected a whole number from 1 to 12, got 13
retries without pollers | prod | metrics.consumer.pollers - | metrics.consumer.retry: expected none without metrics.consumer.pollers
a record given up before its second try | prod | metrics.consumer.timeoutSeconds=120, metrics.consumer.retry.maxAgeSeconds=90 | metrics.consumer.retry.maxAgeSeconds: expected more than the function's timeout of 120 s, got 90
retries of what the stream no longer has | prod | stream.retentionDays=1, metrics.consumer.retry.maxAgeSeconds=100000 | metrics.consumer.retry.maxAgeSeconds: expected at most the 86400 s that the stream keeps
retries without end | prod | metrics.consumer.retry.attempts=-1 | metrics.consumer.retry.attempts: expected a whole number from 0 to 10000, got -1

a version of Connect without Java 17 | dev | warehouse.connectVersion="2.7.1" | warehouse.connectVersion: expected one of 3.7.x, got "2.7.1"
Connect units that there are not | dev | warehouse.capacity.mcu=3 | warehouse.capacity.mcu: expected one of 1, 2, 4, 8
fewer workers at most than at least | prod | warehouse.capacity.maximumWorkers=1 | warehouse.capacity.maximumWorkers: expected a whole number from 2 to 10, got 1
more tasks than partitions | dev | warehouse.tasks=7 | warehouse.tasks: expected a whole number from 1 to 6, got 7
more workers than tasks | dev | warehouse.capacity.maximumWorkers=3 | warehouse.capacity.maximumWorkers: expected at most the 2 tasks, got 3
a key before the first | dev | warehouse.keyGenerations.reader=0 | warehouse.keyGenerations.reader: expected a whole number from 1 to 1000000, got 0
rows that are never sent | dev | warehouse.flushSeconds=0 | warehouse.flushSeconds: expected a whole number from 1 to 600

a version of Airflow that MWAA does not have | dev | batch.airflowVersion="3.1.0" | batch.airflowVersion: expected one of 3.0.6
a version of Airflow that the DAGs are not for | dev | batch.airflowVersion="2.10.3" | batch.airflowVersion: expected one of 3.0.6
an environment class that there is not | dev | batch.environmentClass="mw1.tiny" | batch.environmentClass: expected one of mw1.micro
two workers of the class that does not scale | dev | batch.maximumWorkers=2 | batch.maximumWorkers: expected 1, got 2; mw1.micro does not scale: take mw1.small for more
two schedulers of the smallest class | dev | batch.schedulers=2 | batch.schedulers: expected 1, got 2
one scheduler of a larger class | prod | batch.schedulers=1 | batch.schedulers: expected a whole number from 2 to 5, got 1
one web server of a larger class | prod | batch.webServers.minimum=1 | batch.webServers.minimum: expected a whole number from 2 to 5, got 1
more workers than MWAA has | prod | batch.maximumWorkers=26 | batch.maximumWorkers: expected a whole number from 1 to 25, got 26
a web server for nobody | dev | batch.webAccess="NONE" | batch.webAccess: expected one of "PUBLIC_ONLY"|"PRIVATE_ONLY", got "NONE"

a Grafana that the dashboards are not for | dev | dashboards.grafanaVersion="10.4" | dashboards.grafanaVersion: expected one of 12.4, got "10.4"
a login that there is not | dev | dashboards.authentication.by="ldap" | dashboards.authentication.by: expected 'identity-center' | 'saml', got "ldap"
SAML metadata that can be changed on the way | dev | dashboards.authentication={"by":"saml","metadataUrl":"http://idp.example.com/metadata","adminRole":"admin"} | dashboards.authentication.metadataUrl: expected the https URL
SAML without an administrator | dev | dashboards.authentication={"by":"saml","metadataUrl":"https://idp.example.com/metadata","adminRole":" "} | dashboards.authentication.adminRole: expected the value of the role attribute

an e-mail address without a host | dev | operations.emails=["team"] | operations.emails.0: expected an e-mail address
the same e-mail address twice | dev | operations.emails=["a@example.com","a@example.com"] | operations.emails: expected each address once
no budget | dev | operations.monthlyBudgetUsd=0 | operations.monthlyBudgetUsd: expected more than 0
a retention of logs that CloudWatch does not know | dev | operations.logRetentionDays=10 | operations.logRetentionDays: expected one of 1, 3, 5, 7, 14

a setting that nobody reads | dev | stream.tieredStorage=true | stream.tieredStorage: expected no setting of this name, got true
a number as text | dev | exporter.cpu="256" | exporter.cpu: expected number, got "256"
a setting left out | dev | region - | region: expected string, got nothing
`;
