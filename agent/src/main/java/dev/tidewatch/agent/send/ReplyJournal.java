package dev.tidewatch.agent.send;

import dev.tidewatch.ingest.v1.CommandResult;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Results and uploads that the gateway has not acknowledged, a small file each, on the disk before
 * anything counts on them. Not written through a channel: a thread that is interrupted in the
 * middle must still finish.
 */
final class ReplyJournal {
  private static final Logger LOG = System.getLogger(ReplyJournal.class.getName());
  private static final String RESULT = ".result";
  private static final String UPLOAD = ".upload";
  private static final String NAME = "[A-Za-z0-9-]{1,64}";

  private final Path directory;

  /** A file that is to be uploaded for a command. */
  record KeptUpload(String commandId, String uploadId, Path file) {}

  ReplyJournal(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /**
   * In the order of their commands' ids, which is that of their time; a damaged one is left out.
   */
  List<CommandResult> results() throws IOException {
    List<CommandResult> results = new ArrayList<>();
    for (Path file : files(RESULT)) {
      try {
        results.add(CommandResult.parseFrom(Files.readAllBytes(file)));
      } catch (IOException e) {
        LOG.log(Level.WARNING, "{0} is damaged and left out: {1}", file, e.getMessage());
      }
    }
    return results;
  }

  List<KeptUpload> uploads() throws IOException {
    List<KeptUpload> uploads = new ArrayList<>();
    for (Path file : files(UPLOAD)) {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() == 3) {
        uploads.add(new KeptUpload(lines.get(0), lines.get(1), Path.of(lines.get(2))));
      }
    }
    return uploads;
  }

  private List<Path> files(String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + ending)) {
      found.forEach(files::add);
    }
    files.sort(null);
    return files;
  }

  void keep(CommandResult result) throws IOException {
    write(file(result.getCommandId(), RESULT), result.toByteArray());
  }

  void forgetResult(String commandId) throws IOException {
    Files.deleteIfExists(file(commandId, RESULT));
  }

  void keep(KeptUpload upload) throws IOException {
    write(
        file(upload.uploadId(), UPLOAD),
        (upload.commandId() + "\n" + upload.uploadId() + "\n" + upload.file() + "\n")
            .getBytes(StandardCharsets.UTF_8));
  }

  void forgetUpload(String uploadId) throws IOException {
    Files.deleteIfExists(file(uploadId, UPLOAD));
  }

  private Path file(String id, String ending) throws IOException {
    if (!id.matches(NAME)) {
      throw new IOException("an id of letters, digits and - is needed to keep a result");
    }
    return directory.resolve(id + ending);
  }

  private void write(Path file, byte[] content) throws IOException {
    Path fresh = directory.resolve(file.getFileName() + ".new");
    try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
      out.write(content);
      out.getFD().sync();
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
