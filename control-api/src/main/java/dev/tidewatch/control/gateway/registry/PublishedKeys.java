package dev.tidewatch.control.gateway.registry;

import dev.tidewatch.control.database.ControlDatabase;
import java.util.Optional;

/** Public keys that the control API and its gateways show each other in the database. */
public final class PublishedKeys {
  /** Signs commands and configurations: Ed25519, SubjectPublicKeyInfo, DER. */
  public static final String COMMAND = "command";

  /** Signs agents' certificates: X.509, DER. */
  public static final String GATEWAY_AUTHORITY = "gateway-ca";

  private PublishedKeys() {}

  public static void publish(
      ControlDatabase database, String purpose, String keyId, byte[] content) {
    var unused =
        database.inTenant(
            ControlDatabase.SYSTEM,
            tx ->
                tx.update(
                        """
                        INSERT INTO published_keys (tenant_id, purpose, key_id, content, published_at)
                        VALUES (:tenant, :purpose, :id, :content, now())
                        ON CONFLICT (tenant_id, purpose, key_id) DO UPDATE SET published_at = now()
                        """)
                    .bind("purpose", purpose)
                    .bind("id", keyId)
                    .bind("content", content)
                    .execute());
  }

  /** The one published last. */
  public static Optional<byte[]> newest(ControlDatabase database, String purpose) {
    return database.inTenant(
        ControlDatabase.SYSTEM,
        tx ->
            tx.query(
                    """
                    SELECT content FROM published_keys WHERE tenant_id = :tenant AND purpose = :purpose
                    ORDER BY published_at DESC LIMIT 1
                    """)
                .bind("purpose", purpose)
                .mapTo(byte[].class)
                .findOne());
  }
}
