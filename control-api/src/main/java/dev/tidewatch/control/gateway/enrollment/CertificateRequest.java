package dev.tidewatch.control.gateway.enrollment;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A PKCS#10 request, of which only the key counts; its own signature shows that it is held. */
final class CertificateRequest {
  private static final int LARGEST = 8 << 10;

  private CertificateRequest() {}

  /**
   * @throws IllegalArgumentException that says what is wrong with it
   */
  static PublicKey keyOf(byte[] der) {
    if (der.length == 0 || der.length > LARGEST) {
      throw new IllegalArgumentException("csr: must be PKCS#10 in DER, at most 8 KiB");
    }
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = request.getPublicKey();
      if (!Keys.isP256(key)) {
        throw new IllegalArgumentException("csr: the key must be ECDSA P-256");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new IllegalArgumentException("csr: its signature does not hold");
      }
      return key;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | ClassCastException
        | IllegalStateException e) {
      throw new IllegalArgumentException("csr: is no PKCS#10 request: " + e.getMessage(), e);
    }
  }
}
