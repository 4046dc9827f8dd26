package dev.tidewatch.control.gateway;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ServerCacheControl;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import dev.tidewatch.control.gateway.admin.AdministrationEndpoint;
import dev.tidewatch.control.gateway.agent.AgentStreams;
import dev.tidewatch.control.gateway.agent.StreamServices;
import dev.tidewatch.control.gateway.agent.TelemetryEndpoint;
import dev.tidewatch.control.gateway.enrollment.AgentTrust;
import dev.tidewatch.control.gateway.enrollment.CertificateAuthority.ServerCredentials;
import dev.tidewatch.control.gateway.enrollment.EnrollmentEndpoint;
import dev.tidewatch.control.gateway.http.ApiKeys;
import dev.tidewatch.control.gateway.http.Bodies;
import dev.tidewatch.control.gateway.http.KeyedIngest;
import dev.tidewatch.control.gateway.http.NdjsonEndpoint;
import dev.tidewatch.control.gateway.ingest.ConnectionLimits;
import dev.tidewatch.control.gateway.ingest.Decompression;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.control.gateway.otlp.LogExports;
import dev.tidewatch.control.gateway.otlp.OtlpGrpcEndpoint;
import dev.tidewatch.control.gateway.otlp.OtlpHttpEndpoint;
import dev.tidewatch.control.request.PortStop;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What listens on the gateway's two HTTP ports. */
record GatewayPort(
    GatewayOptions options,
    GatewayState state,
    StreamServices services,
    AgentStreams streams,
    ServerCredentials credentials,
    ApiKeys keys,
    KeyedIngest ingest,
    ConnectionLimits perAddress,
    PrometheusMeterRegistry metrics) {
  private static final Duration DOWNLOAD_TIMEOUT = Duration.ofHours(1);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final int STREAM_WINDOW = 256 << 10;
  private static final int CONNECTION_WINDOW = 1 << 20;
  private static final int SMALL_MESSAGE = 64 << 10;

  Server build() {
    ServerBuilder server = Server.builder();
    listen(server);
    limit(server);
    GatewayLimits limits = options.limits();
    // Streams must not leave the network's thread for every message; all else may take its time.
    server.service(
        grpc(limits.maxMessageBytes())
            .addService(new TelemetryEndpoint(services, streams))
            .useBlockingTaskExecutor(false)
            .build());
    server.service(
        grpc(SMALL_MESSAGE)
            .addService(new EnrollmentEndpoint(services.enrollments(), metrics, options.clock()))
            .useBlockingTaskExecutor(true)
            .build());
    LogExports exports = new LogExports(ingest, limits, options.clock());
    server.service(
        grpc(limits.maxBlockBytes())
            .addService(new OtlpGrpcEndpoint(keys, exports))
            .useBlockingTaskExecutor(true)
            .build());
    Bodies bodies = new Bodies(new Decompression(limits));
    server.service("/v1/logs", new OtlpHttpEndpoint(keys, exports, bodies));
    server.service(
        "/v1/telemetry", new NdjsonEndpoint(keys, ingest, bodies, limits, options.clock()));
    options
        .agentUpdates()
        .ifPresent(directory -> server.serviceUnder("/agent-updates/", updates(directory)));
    server.service("/healthz", HealthCheckService.of());
    server.service(
        "/metrics",
        (ctx, request) ->
            ctx.sessionProtocol().isTls()
                ? HttpResponse.of(HttpStatus.NOT_FOUND)
                : HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, metrics.scrape()));
    state
        .administration()
        .ifPresent(
            with ->
                server.serviceUnder(
                    AdministrationEndpoint.PATH,
                    new AdministrationEndpoint(with.administration(), with.key())));
    return server.build();
  }

  /**
   * Files as they are, for everybody: agents believe their signatures and not this server. One may
   * take long on a slow line.
   */
  private static HttpService updates(Path directory) {
    try {
      // It may be filled later.
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new GatewayException("gateway.agent-updates: " + e.getMessage(), e);
    }
    return FileService.builder(directory)
        .cacheControl(ServerCacheControl.REVALIDATED)
        .build()
        .decorate(
            (files, ctx, request) -> {
              ctx.setRequestTimeout(DOWNLOAD_TIMEOUT);
              return files.serve(ctx, request);
            });
  }

  private static GrpcServiceBuilder grpc(int largestMessage) {
    return GrpcService.builder()
        .maxRequestMessageLength(largestMessage)
        .useClientTimeoutHeader(false);
  }

  private void listen(ServerBuilder server) {
    AgentTrust trust = new AgentTrust(state.authority(), options.renewalGrace(), options.clock());
    server
        .https(new InetSocketAddress(options.bindAddress(), options.port()))
        .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.localPort()))
        .tls(credentials.key(), credentials.certificate(), credentials.root())
        .tlsCustomizer(
            tls -> tls.protocols("TLSv1.3").clientAuth(ClientAuth.OPTIONAL).trustManager(trust));
  }

  private void limit(ServerBuilder server) {
    GatewayLimits limits = options.limits();
    server
        .requestTimeout(REQUEST_TIMEOUT)
        .maxRequestLength(Math.max(limits.maxBlockBytes(), limits.maxMessageBytes()))
        .maxNumConnections(limits.maxConnections())
        .http1MaxInitialLineLength(limits.maxHeaderBytes())
        .http1MaxHeaderSize(limits.maxHeaderBytes())
        .http2MaxHeaderListSize(limits.maxHeaderBytes())
        .http2MaxStreamsPerConnection(limits.maxStreamsPerConnection())
        .childChannelPipelineCustomizer(perAddress::guard)
        .http2InitialStreamWindowSize(STREAM_WINDOW)
        .http2InitialConnectionWindowSize(CONNECTION_WINDOW)
        .idleTimeout(options.timeouts().idle())
        .meterRegistry(metrics)
        .disableServerHeader();
    PortStop.prepare(server);
  }
}
