package dev.tidewatch.events;

import java.util.List;
import java.util.Map;

/**
 * OCSF class and the columns people filter by (schema 1.9).
 *
 * @param classUid OCSF class, 0 (Base Event) when nothing better is known
 * @param className its caption, e.g. {@code Process Activity}
 * @param activityId OCSF activity of the class, 0 unknown
 * @param columns OCSF attribute path to value, e.g. {@code process.cmd_line}; only those that are
 *     set, never an empty value; keys are names of {@link #COLUMNS}; an INT is decimal text within
 *     64 bits, an IP is one IPv4 or IPv6 address as text
 * @param summary one line for a list, at most {@value #MAX_SUMMARY} characters
 */
public record OcsfEvent(
    int classUid, String className, int activityId, Map<String, String> columns, String summary) {
  /** Longest summary, in characters. */
  public static final int MAX_SUMMARY = 300;

  /** Longest column value, in characters: a Windows command line at most; longer ones are cut. */
  public static final int MAX_VALUE = 32_767;

  /** What a column's text can be read as. */
  public enum Type {
    STRING,
    INT,
    IP
  }

  /**
   * One column.
   *
   * @param name OCSF attribute path, e.g. {@code src_endpoint.ip}
   */
  public record Column(String name, Type type) {
    /** The path with underscores for dots, as databases name it: {@code src_endpoint_ip}. */
    public String columnName() {
      return name.replace('.', '_');
    }
  }

  /** Every column, in the order in which stores lay them out. New ones go to the end. */
  public static final List<Column> COLUMNS =
      List.of(
          integer("severity_id"),
          text("status"),
          text("status_detail"),
          text("device.hostname"),
          text("actor.user.name"),
          text("actor.user.uid"),
          text("actor.session.uid"),
          text("actor.process.name"),
          integer("actor.process.pid"),
          text("actor.process.cmd_line"),
          text("actor.process.file.path"),
          text("process.name"),
          integer("process.pid"),
          text("process.uid"),
          text("process.cmd_line"),
          text("process.file.path"),
          text("process.file.hashes.sha256"),
          text("process.integrity"),
          text("process.user.name"),
          text("process.parent_process.name"),
          integer("process.parent_process.pid"),
          text("process.parent_process.cmd_line"),
          text("process.parent_process.file.path"),
          text("file.path"),
          text("file.name"),
          text("file.hashes.sha256"),
          text("module.file.path"),
          text("reg_key.path"),
          text("reg_value.name"),
          text("reg_value.data"),
          ip("src_endpoint.ip"),
          integer("src_endpoint.port"),
          text("src_endpoint.hostname"),
          ip("dst_endpoint.ip"),
          integer("dst_endpoint.port"),
          text("dst_endpoint.hostname"),
          text("connection_info.protocol_name"),
          text("connection_info.direction"),
          integer("traffic.bytes_in"),
          integer("traffic.bytes_out"),
          text("query.hostname"),
          text("query.type"),
          text("rcode"),
          text("http_request.http_method"),
          text("http_request.url.text"),
          text("http_request.user_agent"),
          integer("http_response.code"),
          text("tls.sni"),
          text("user.name"),
          text("user.domain"),
          text("user.uid"),
          text("group.name"),
          text("logon_type"),
          text("auth_protocol"),
          text("api.operation"),
          text("api.service.name"),
          text("cloud.account.uid"),
          text("cloud.region"),
          text("resources.uid"),
          text("job.name"),
          text("service.name"),
          text("finding_info.title"),
          text("finding_info.uid"));

  public OcsfEvent {
    columns = Map.copyOf(columns);
  }

  private static Column text(String name) {
    return new Column(name, Type.STRING);
  }

  private static Column integer(String name) {
    return new Column(name, Type.INT);
  }

  private static Column ip(String name) {
    return new Column(name, Type.IP);
  }
}
