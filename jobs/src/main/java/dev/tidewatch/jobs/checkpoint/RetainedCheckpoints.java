package dev.tidewatch.jobs.checkpoint;

import static java.util.stream.Collectors.toSet;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints and savepoints of earlier runs in one directory, laid out as Flink does: {@code
 * <job>/chk-<n>/_metadata} and {@code savepoint-<x>/_metadata}.
 */
public final class RetainedCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedCheckpoints.class);
  private static final String METADATA = "_metadata";
  private static final int DEPTH = 3;

  /** Older checkpoints that are kept beside the one that is restored. */
  private static final int SPARED = 2;

  private final Path directory;

  public RetainedCheckpoints(Path directory) {
    this.directory = directory;
  }

  /**
   * The newest one that can be restored. One that cannot is named in a warning and passed over:
   * going on from an older one repeats work, and outputs are idempotent or transactional.
   *
   * @return its directory, empty when there is none
   */
  public Optional<Path> newestReadable() throws IOException {
    for (Path checkpoint : newestFirst()) {
      try {
        requireReadable(checkpoint);
        return Optional.of(checkpoint);
      } catch (IOException | RuntimeException e) {
        LOG.warn("Checkpoint {} cannot be used, trying an older one: {}", checkpoint, e.toString());
      }
    }
    return Optional.empty();
  }

  /**
   * Deletes what earlier runs left and nobody will go back to: directories that hold neither {@code
   * restored}, nor anything newer, nor one of the few before it.
   */
  public void prune(Optional<Path> restored) throws IOException {
    List<Path> checkpoints = newestFirst();
    int spared = restored.map(checkpoints::indexOf).orElse(checkpoints.size()) + 1 + SPARED;
    Set<Path> kept = checkpoints.stream().limit(spared).map(this::top).collect(toSet());
    for (Path checkpoint : checkpoints) {
      Path directoryOfRun = top(checkpoint);
      if (kept.add(directoryOfRun)) {
        FileUtils.deleteDirectory(directoryOfRun.toFile());
      }
    }
  }

  /** The child of the directory that {@code checkpoint} is in: all that a run left. */
  private Path top(Path checkpoint) {
    return directory.resolve(directory.relativize(checkpoint).getName(0));
  }

  /** True when no run has left anything. */
  public boolean isEmpty() throws IOException {
    return newestFirst().isEmpty();
  }

  /** Newest first; a checkpoint is complete once its metadata stands. */
  List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory, DEPTH)) {
      return files
          .filter(file -> file.getFileName().toString().equals(METADATA))
          .sorted(Comparator.comparing(RetainedCheckpoints::lastModified).reversed())
          .map(Path::getParent)
          .toList();
    }
  }

  private static FileTime lastModified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Reads the metadata and looks whether every state file it names is there and whole. */
  private static void requireReadable(Path checkpoint) throws IOException {
    ClassLoader loader = RetainedCheckpoints.class.getClassLoader();
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(checkpoint.resolve(METADATA))))) {
      CheckpointMetadata metadata =
          Checkpoints.loadCheckpointMetadata(in, loader, checkpoint.toUri().toString());
      for (OperatorState operator : metadata.getOperatorStates()) {
        for (OperatorSubtaskState subtask : operator.getStates()) {
          requireReadable(subtask);
        }
      }
    }
  }

  private static void requireReadable(OperatorSubtaskState subtask) throws IOException {
    for (StateObject state : subtask.getDiscardables()) {
      if (state instanceof StreamStateHandle handle) {
        requireWhole(handle);
      }
    }
  }

  private static void requireWhole(StreamStateHandle handle) throws IOException {
    Optional<Path> file = handle.maybeGetPath().map(path -> Path.of(path.toUri().getPath()));
    if (file.isPresent() && Files.size(file.get()) < handle.getStateSize()) {
      throw new IOException(file.get() + " is shorter than " + handle.getStateSize() + " bytes");
    }
  }
}
