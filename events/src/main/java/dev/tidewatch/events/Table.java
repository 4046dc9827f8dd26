package dev.tidewatch.events;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A data table of this package: columns between two or more spaces, the first line names them,
 * {@code -} is an empty cell, {@code #} starts a comment line.
 */
final class Table {
  private final String file;
  private final List<String> header;
  private final List<Row> rows = new ArrayList<>();

  private Table(String file, List<String> header) {
    this.file = file;
    this.header = header;
  }

  /** One line of the table. */
  record Row(String file, int line, Map<String, String> cells) {
    /** The cell's text, empty for {@code -}. */
    String get(String column) {
      String cell = cells.get(column);
      if (cell == null) {
        throw fault("has no column " + column);
      }
      return cell;
    }

    List<String> list(String column) {
      String cell = get(column);
      return cell.isEmpty() ? List.of() : List.of(cell.split("\\|", -1));
    }

    IllegalStateException fault(String what) {
      return new IllegalStateException(file + ":" + line + ": " + what);
    }
  }

  /** Reads a resource beside this class; a fault in it is a fault of the build. */
  static List<Row> read(String file) {
    try (InputStream in = Table.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("resource " + file + " is missing");
      }
      return read(file, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Row> read(String file, BufferedReader lines) throws IOException {
    Table table = null;
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<String> cells = List.of(line.strip().split("(\\t| {2})[\\t ]*"));
      if (table == null) {
        table = new Table(file, cells);
      } else {
        table.add(number, cells);
      }
    }
    return table == null ? List.of() : List.copyOf(table.rows);
  }

  private void add(int line, List<String> cells) {
    if (cells.size() > header.size()) {
      throw new IllegalStateException(file + ":" + line + ": more cells than columns " + header);
    }
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      String cell = i < cells.size() ? cells.get(i).strip() : "";
      named.put(header.get(i), cell.equals("-") ? "" : cell);
    }
    rows.add(new Row(file, line, Map.copyOf(named)));
  }
}
