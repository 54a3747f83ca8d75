/** Self-signed, made by `openssl req -x509` for these tests alone; their keys were thrown away. */
export const ENDS_2036 =
  'MIIBjTCCATOgAwIBAgIUe+6zY96v5J21RRIdJSpJgE/i1+swCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwRaWRlbnRpdHkgcHJvdmlkZXIwHhcNMjYxMTIzMDAxMTA5WhcNMzYxMTIwMDAxMTA5WjAcMRowGAYDVQQDDBFpZGVudGl0eSBwcm92aWRlcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEkdmZVZX+dq4S2OplKaymc4x6YQ/oOGNBldwfYM7ZtE/Rn5tKNlIgy3BdV563qyYJ13KtoAIqVGX+cCNUfsjKWjUzBRMB0GA1UdDgQWBBRlBo6LKlPz29C6CrYBkoiNQVFOlTAfBgNVHSMEGDAWgBRlBo6LKlPz29C6CrYBkoiNQVFOlTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIBynJTIFnPYXIRm57ekiCLdF0vyGWXgH0sOd920QnWnUAiEAlhio+jSZh7jnY+oa3/EKGd6nSiALrKY8Trmwwybl0w8=';
export const ENDS_2126 =
  'MIIBjjCCATWgAwIBAgIUNgm3qPwte4GfUelVlruEZDXiFpcwCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwRaWRlbnRpdHkgcHJvdmlkZXIwIBcNMjYxMTIzMDAxMTA5WhgPMjEyNjEwMzAwMDExMDlaMBwxGjAYBgNVBAMMEWlkZW50aXR5IHByb3ZpZGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjAfIISzNyxOaT0yW6JU5P0URQ/p+SZ//w/3boMoQmULDTy6cYQbFXnIVj/kWeR4yoMSkyaFhpRwNW0uJgCfV9aNTMFEwHQYDVR0OBBYEFLHVH7FkSGFX1WjcXhXeIY2YrczjMB8GA1UdIwQYMBaAFLHVH7FkSGFX1WjcXhXeIY2YrczjMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIged0SI9VNzXUZx2jTNbVwMr8u+nluX7RbV6h5g89wf0kCIFmEIisnsJjarrD7J2iQTcyLMj3zSrwuAKPzCZ1EkTmm';

/** As an identity provider describes itself, in two of the styles of namespace that are met. */
export function samlMetadata(...certificates: readonly string[]): string {
  const keys = certificates.map(
    (certificate, index) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>${index % 2 === 0 ? tag('ds:', certificate) : tag('', certificate)}</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  );
  return `<?xml version="1.0"?><md:EntityDescriptor><md:IDPSSODescriptor>${keys.join('')}</md:IDPSSODescriptor></md:EntityDescriptor>`;
}

const tag = (prefix: string, text: string) =>
  `<${prefix}X509Certificate>\n${text.replaceAll(/(.{76})/g, '$1\n')}\n</${prefix}X509Certificate>`;
