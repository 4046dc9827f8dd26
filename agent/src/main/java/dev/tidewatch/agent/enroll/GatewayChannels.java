package dev.tidewatch.agent.enroll;

import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Opens channels to gateways: TLS 1.3 and nothing older. */
public final class GatewayChannels {
  private static final String[] VERSIONS = {"TLSv1.3"};
  private static final String[] CIPHERS = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};
  private static final int MAX_MESSAGE = 16 << 20;
  private static final Duration KEEPALIVE = Duration.ofSeconds(30);

  private GatewayChannels() {}

  /** To the gateway this identity is of, with its certificate. */
  public static ManagedChannel open(Identity identity) throws GeneralSecurityException {
    return open(identity, KEEPALIVE);
  }

  /**
   * The same.
   *
   * @param keepalive silence after which the gateway is asked for a sign of life; a third of that
   *     later the connection counts as dead
   */
  public static ManagedChannel open(Identity identity, Duration keepalive)
      throws GeneralSecurityException {
    KeyManager[] keys = {new OwnKey(identity.key(), identity.chain())};
    return open(
        identity.endpoint(), keys, GatewayTrust.authorities(identity.authorities()), keepalive);
  }

  /** Without a certificate, to enrol. */
  static ManagedChannel open(String endpoint, EnrollmentToken token)
      throws GeneralSecurityException {
    return open(endpoint, new KeyManager[0], GatewayTrust.pinned(token.pin()), KEEPALIVE);
  }

  /** For HTTPS to the gateway this identity is of, without its certificate. */
  public static SSLSocketFactory sockets(Identity identity) throws GeneralSecurityException {
    return context(new KeyManager[0], GatewayTrust.authorities(identity.authorities()))
        .getSocketFactory();
  }

  /**
   * gRPC asks for the JVM's default context, to know its provider, and that reads all public
   * authorities: a megabyte to keep. From now on the default trusts nobody; who needs them takes
   * {@link #publicAuthorities}.
   */
  public static void sparePublicAuthorities() {
    try {
      SSLContext nobody = SSLContext.getInstance("TLS");
      nobody.init(new KeyManager[0], new TrustManager[0], null);
      SSLContext.setDefault(nobody);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For HTTPS to those whom the JVM trusts. */
  public static SSLSocketFactory publicAuthorities() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    return context.getSocketFactory();
  }

  private static SSLContext context(KeyManager[] keys, X509TrustManager trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys, new TrustManager[] {trust}, new SecureRandom());
    return context;
  }

  private static ManagedChannel open(
      String endpoint, KeyManager[] keys, X509TrustManager trust, Duration keepalive)
      throws GeneralSecurityException {
    SSLContext context = context(keys, trust);
    return OkHttpChannelBuilder.forTarget("dns:///" + endpoint)
        .sslSocketFactory(context.getSocketFactory())
        .tlsConnectionSpec(VERSIONS, CIPHERS)
        .maxInboundMessageSize(MAX_MESSAGE)
        .keepAliveTime(keepalive.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(keepalive.toMillis() / 3, TimeUnit.MILLISECONDS)
        // No threads of its own: callbacks are short, commands have their own thread.
        .directExecutor()
        .disableRetry()
        .build();
  }

  /** One key and its chain, whatever is asked for. */
  private static final class OwnKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "agent";
    private final PrivateKey key;
    private final X509Certificate[] chain;

    OwnKey(PrivateKey key, X509Certificate[] chain) {
      this.key = key;
      this.chain = chain;
    }

    @Override
    public String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "";
    }
  }
}
