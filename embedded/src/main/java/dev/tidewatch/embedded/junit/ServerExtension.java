package dev.tidewatch.embedded.junit;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a server for a test class and the classes nested in it, for which JUnit calls an extension
 * of the outer class as well.
 */
abstract class ServerExtension<S extends AutoCloseable>
    implements BeforeAllCallback, AfterAllCallback {
  private final String name;
  private final Function<Path, S> start;
  private @Nullable ScratchDirectory directory;
  private @Nullable S server;

  /**
   * @param start a server with its data in a directory of its own
   */
  ServerExtension(String name, Function<Path, S> start) {
    this.name = name;
    this.start = start;
  }

  private static boolean isNested(ExtensionContext context) {
    return context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (!isNested(context)) {
      ScratchDirectory data = new ScratchDirectory(name);
      directory = data;
      server = start.apply(data.path());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (isNested(context)) {
      return;
    }
    if (server != null) {
      close(server);
    }
    if (directory != null) {
      directory.close();
    }
  }

  private void close(S running) {
    try {
      running.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop " + name, e);
    }
  }

  final S server() {
    if (server == null) {
      throw new IllegalStateException("register the extension as a static field");
    }
    return server;
  }
}
