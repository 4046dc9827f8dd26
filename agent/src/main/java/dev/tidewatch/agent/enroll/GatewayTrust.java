package dev.tidewatch.agent.enroll;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Which gateways an agent believes. */
final class GatewayTrust {
  private GatewayTrust() {}

  /** Those of the authorities that enrolment named, and no others: not the system's. */
  static X509TrustManager authorities(List<X509Certificate> authorities)
      throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }

  /** The one whose authority has the hash of the token, before anything of the token is sent. */
  static X509TrustManager pinned(byte[] pin) {
    return new X509TrustManager() {
      @Override
      public void checkServerTrusted(X509Certificate[] chain, String authType)
          throws CertificateException {
        X509Certificate root = chain[chain.length - 1];
        try {
          byte[] hash = MessageDigest.getInstance("SHA-256").digest(root.getEncoded());
          if (!MessageDigest.isEqual(hash, pin)) {
            throw new CertificateException(
                "the gateway is not the one of this token: its authority has another certificate");
          }
          authorities(List.of(root)).checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
          throw e;
        } catch (GeneralSecurityException e) {
          throw new CertificateException(e);
        }
      }

      @Override
      public void checkClientTrusted(X509Certificate[] chain, String authType)
          throws CertificateException {
        throw new CertificateException("an agent has no clients");
      }

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    };
  }
}
