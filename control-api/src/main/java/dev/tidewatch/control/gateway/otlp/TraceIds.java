package dev.tidewatch.control.gateway.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import java.util.Base64;
import java.util.HexFormat;

/**
 * OTLP's JSON writes trace and span ids in hex, where protobuf's JSON reads Base64. Hex digits are
 * Base64 digits and both lengths (32 and 16) are whole groups of four: so encoding what was decoded
 * gives the hex back.
 */
final class TraceIds {
  private TraceIds() {}

  static ExportLogsServiceRequest fromJson(ExportLogsServiceRequest request) {
    ExportLogsServiceRequest.Builder export = request.toBuilder();
    export
        .getResourceLogsBuilderList()
        .forEach(
            resource ->
                resource
                    .getScopeLogsBuilderList()
                    .forEach(
                        scope ->
                            scope
                                .getLogRecordsBuilderList()
                                .forEach(
                                    log ->
                                        log.setTraceId(reread(log.getTraceId()))
                                            .setSpanId(reread(log.getSpanId())))));
    return export.build();
  }

  private static ByteString reread(ByteString decoded) {
    if (decoded.isEmpty()) {
      return decoded;
    }
    String hex = Base64.getEncoder().encodeToString(decoded.toByteArray());
    try {
      return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    } catch (IllegalArgumentException e) {
      return ByteString.EMPTY;
    }
  }
}
