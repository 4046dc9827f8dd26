package dev.tidewatch.agent.enroll;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/**
 * A PKCS#10 certification request (RFC 2986) with an empty subject: the gateway decides on the name
 * and looks at the key only.
 *
 * <pre>
 * CertificationRequest ::= SEQUENCE { info, signatureAlgorithm, signature BIT STRING }
 * info ::= SEQUENCE { version INTEGER 0, subject SEQUENCE {}, subjectPKInfo, attributes [0] {} }
 * </pre>
 */
final class SigningRequest {
  private static final int SEQUENCE = 0x30;
  private static final int BIT_STRING = 0x03;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final byte[] EMPTY_NAME = {0x30, 0x00};
  private static final byte[] NO_ATTRIBUTES = {(byte) 0xa0, 0x00};

  /** SEQUENCE { OBJECT IDENTIFIER ecdsa-with-SHA256 } */
  private static final byte[] ECDSA_WITH_SHA256 = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
  };

  private SigningRequest() {}

  /** DER, for an ECDSA key pair. */
  static ByteString of(KeyPair keys) throws GeneralSecurityException {
    byte[] info =
        der(SEQUENCE, VERSION_0, EMPTY_NAME, keys.getPublic().getEncoded(), NO_ATTRIBUTES);
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(keys.getPrivate());
    signer.update(info);
    byte[] noUnusedBits = {0};
    byte[] signature = der(BIT_STRING, noUnusedBits, signer.sign());
    return ByteString.copyFrom(der(SEQUENCE, info, ECDSA_WITH_SHA256, signature));
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = body.size();
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }
}
