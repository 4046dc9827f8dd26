package dev.tidewatch.control;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.metric.MeterIdPrefixFunction;
import com.linecorp.armeria.common.util.BlockingTaskExecutor;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.encoding.EncodingService;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckService;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.HttpJsonTranscodingOptions;
import com.linecorp.armeria.server.grpc.HttpJsonTranscodingQueryParamMatchRule;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import com.linecorp.armeria.server.metric.MetricCollectingService;
import dev.tidewatch.control.access.Authorization;
import dev.tidewatch.control.access.MethodPermissions;
import dev.tidewatch.control.access.OidcOptions;
import dev.tidewatch.control.access.SignInWays;
import dev.tidewatch.control.access.StreamGuard;
import dev.tidewatch.control.alert.AlertEndpoint;
import dev.tidewatch.control.alert.AlertEventStream;
import dev.tidewatch.control.alert.AlertFeeds;
import dev.tidewatch.control.alert.AlertSource;
import dev.tidewatch.control.deploy.RuleDeployments;
import dev.tidewatch.control.event.EventEndpoint;
import dev.tidewatch.control.event.EventSource;
import dev.tidewatch.control.openapi.OpenApi;
import dev.tidewatch.control.pipeline.Pipeline;
import dev.tidewatch.control.pipeline.PipelineEndpoint;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.HttpFailures;
import dev.tidewatch.control.request.JsonFailure;
import dev.tidewatch.control.request.PortStop;
import dev.tidewatch.control.request.TranscodedParameters;
import dev.tidewatch.control.rule.RuleEndpoint;
import dev.tidewatch.control.web.ConsoleAssets;
import dev.tidewatch.control.web.CrossOrigin;
import dev.tidewatch.control.web.HostCheck;
import dev.tidewatch.control.web.MetricsPage;
import dev.tidewatch.control.web.SecurityHeaders;
import dev.tidewatch.control.workbench.WorkbenchEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import io.grpc.BindableService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What listens on the port: every service at its path, behind the checks that hold for all. */
record ControlPort(
    ControlOptions options,
    ClickHouseStore store,
    AlertSource alerts,
    EventSource events,
    AlertFeeds feeds,
    RuleEndpoint rules,
    RuleDeployments deployments,
    Pipeline pipeline,
    ControlPlane plane,
    PrometheusMeterRegistry metrics) {
  private static final String STREAM = "tidewatch.control.v1.AlertService/StreamAlerts";
  private static final String EVIDENCE = "tidewatch.control.v1.AgentService/ReadEvidence";
  private static final long LARGEST_REQUEST = 1L << 20;
  private static final int LONGEST_LINE = 16 << 10;
  private static final int LARGEST_HEADERS = 16 << 10;
  private static final int LARGEST_ANSWER = 64 << 20;
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final long SMALLEST_ENCODED = 1_024;

  Server build() {
    ServerBuilder server = Server.builder();
    listen(server);
    limit(server);
    List<BindableService> services = services();
    TranscodedParameters parameters = new TranscodedParameters(services);
    Authorization authorization =
        new Authorization(new MethodPermissions(services), plane.limits(), plane.refusals());
    server.service(
        grpc(services, authorization),
        calls -> calls.decorate(parameters).decorate(plane.authentication()));
    server.service(
        "/v1/tenants/{tenant}/alerts:stream",
        new AlertEventStream(feeds)
            .decorate(new StreamGuard(authorization, STREAM))
            .decorate(plane.authentication()));
    plane
        .downloads()
        .ifPresent(
            files ->
                server.service(
                    "/v1/tenants/{tenant}/agentcommands/{command}/evidence/{upload}",
                    files
                        .decorate(new StreamGuard(authorization, EVIDENCE))
                        .decorate(plane.authentication())));
    plane.signIns().ifPresent(signIns -> signIn(server, signIns));
    byte[] document = OpenApi.of(services).toString().getBytes(StandardCharsets.UTF_8);
    server.service(
        "/openapi.json",
        (ctx, request) -> HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, document));
    server.route().pathPrefix("/v1/").defaultServiceName("unknown").build(ControlPort::unknown);
    server.service("/metrics", new MetricsPage(metrics));
    server.service("/healthz", HealthCheckService.of());
    server.route().path("/readyz").defaultServiceName("ready").build(ready());
    new ConsoleAssets(options.consoleAssets().orElse(null)).bind(server);
    decorate(server);
    gauges();
    return server.build();
  }

  private void signIn(ServerBuilder server, ControlPlane.SignIns signIns) {
    server.service("/v1/session", signIns.sessions().decorate(plane.authentication()));
    server.service("/v1/session/ways", new SignInWays(signIns.oidc()));
    signIns
        .oidc()
        .ifPresent(
            oidc -> {
              server.service("/v1/session/oidc", oidc.begin());
              server.service(OidcOptions.CALLBACK, oidc.callback());
            });
  }

  private void listen(ServerBuilder server) {
    InetSocketAddress address = new InetSocketAddress(options.bindAddress(), options.port());
    if (options.tls().isEmpty()) {
      server.http(address);
      return;
    }
    TlsOptions tls = options.tls().get();
    server.https(address).tls(tls.certificates().toFile(), tls.key().toFile());
    tls.clientAuthorities()
        .ifPresent(
            authorities ->
                server.tlsCustomizer(
                    context ->
                        context
                            .trustManager(authorities.toFile())
                            .clientAuth(ClientAuth.OPTIONAL)));
  }

  private void limit(ServerBuilder server) {
    server
        .requestTimeout(options.requestTimeout())
        .maxRequestLength(LARGEST_REQUEST)
        .maxNumConnections(options.maxConnections())
        .http1MaxInitialLineLength(LONGEST_LINE)
        .http1MaxHeaderSize(LARGEST_HEADERS)
        .http2MaxHeaderListSize(LARGEST_HEADERS)
        .http2MaxStreamsPerConnection(256)
        .idleTimeout(IDLE)
        .blockingTaskExecutor(
            BlockingTaskExecutor.builder()
                .threadNamePrefix("control-blocking")
                .numThreads(options.blockingThreads())
                .build(),
            true)
        .disableServerHeader();
    PortStop.prepare(server);
  }

  private List<BindableService> services() {
    List<BindableService> services =
        new ArrayList<>(
            List.of(
                new AlertEndpoint(alerts, feeds, plane.desk()),
                new EventEndpoint(events),
                rules,
                deployments.endpoint(),
                new WorkbenchEndpoint(deployments::compilation, deployments::valueListsFor),
                new PipelineEndpoint(pipeline.sampler(), store, options.clock())));
    services.addAll(plane.services());
    return services;
  }

  private static GrpcService grpc(List<BindableService> services, Authorization authorization) {
    return GrpcService.builder()
        .intercept(authorization)
        .addServices(services)
        .addService(ProtoReflectionServiceV1.newInstance())
        .addService(GrpcHealthCheckService.builder().build())
        .enableHttpJsonTranscoding(
            HttpJsonTranscodingOptions.builder()
                .queryParamMatchRules(
                    HttpJsonTranscodingQueryParamMatchRule.ORIGINAL_FIELD,
                    HttpJsonTranscodingQueryParamMatchRule.LOWER_CAMEL_CASE,
                    HttpJsonTranscodingQueryParamMatchRule.JSON_NAME)
                .errorHandler(HttpFailures.transcoded())
                .build())
        .maxResponseMessageLength(LARGEST_ANSWER)
        .useBlockingTaskExecutor(true)
        // The server's own limit holds; a client watches its deadline itself, and may ask for none.
        .useClientTimeoutHeader(false)
        .exceptionHandler(
            (ctx, status, cause, metadata) ->
                ctx.isTimedOut() ? Failures.TIMED_OUT : Failures.ofCall(status, cause))
        .build();
  }

  private static HttpResponse unknown(ServiceRequestContext ctx, HttpRequest request) {
    return JsonFailure.of(HttpStatus.NOT_FOUND, "no such resource", ctx.id().shortText())
        .toHttpResponse();
  }

  /** Ready when what is asked most, the store, answers. */
  private HttpService ready() {
    return (ctx, request) ->
        pipeline.sampler().isStoreUp()
            ? HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, "ready\n")
            : HttpResponse.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                MediaType.PLAIN_TEXT_UTF_8,
                "ClickHouse does not answer\n");
  }

  /** The last to be named is the first to see a request. */
  private void decorate(ServerBuilder server) {
    server.decorator(
        EncodingService.builder()
            .encodableContentTypes(type -> isText(type))
            .minBytesToForceChunkedEncoding((int) SMALLEST_ENCODED)
            .newDecorator());
    server.decorator(
        MetricCollectingService.newDecorator(MeterIdPrefixFunction.ofDefault("tidewatch.control")));
    if (!options.corsOrigins().isEmpty()) {
      server.decorator(CrossOrigin.of(options.corsOrigins()));
    }
    Set<String> names = new HashSet<>(options.allowedHosts());
    String address = options.bindAddress();
    names.add(address.contains(":") ? "[" + address + "]" : address);
    server.decorator(new HostCheck(names));
    SecurityHeaders headers = new SecurityHeaders(options.tls().isPresent());
    server.decorator(headers);
    server.errorHandler(headers.on(new HttpFailures()));
    server.meterRegistry(metrics);
  }

  /** Events of a stream must not wait in a compressor. */
  private static boolean isText(MediaType type) {
    return !type.is(MediaType.EVENT_STREAM)
        && (type.is(MediaType.ANY_TEXT_TYPE)
            || type.is(MediaType.JSON)
            || type.subtype().contains("javascript")
            || type.subtype().endsWith("+xml"));
  }

  private void gauges() {
    pipeline.bindTo(metrics);
    Gauge.builder("tidewatch.control.streams", feeds, AlertFeeds::streams)
        .description("open alert streams")
        .register(metrics);
  }
}
