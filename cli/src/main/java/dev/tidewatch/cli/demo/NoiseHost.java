package dev.tidewatch.cli.demo;

/**
 * A host that background events come from.
 *
 * @param pool which events it can send: workstation, linux, ...
 * @param name its full name
 * @param ip its address
 * @param user who works on it
 */
record NoiseHost(String pool, String name, String ip, String user) {

  static NoiseHost parse(String line) {
    String[] cells = line.split("\t", -1);
    if (cells.length != 4) {
      throw new IllegalArgumentException(
          "hosts.tsv: pool, name, ip and user wanted, found: " + line);
    }
    return new NoiseHost(cells[0], cells[1], cells[2], cells[3]);
  }

  String shortName() {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
