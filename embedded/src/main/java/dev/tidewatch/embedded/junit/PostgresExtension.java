package dev.tidewatch.embedded.junit;

import dev.tidewatch.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs an {@link EmbeddedPostgres} for a test class. */
public final class PostgresExtension implements BeforeAllCallback, AfterAllCallback {
  private @Nullable ScratchDirectory directory;
  private @Nullable EmbeddedPostgres postgres;

  @Override
  public void beforeAll(ExtensionContext context) {
    directory = new ScratchDirectory("postgres");
    postgres = EmbeddedPostgres.start(directory.path(), 0);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (postgres != null) {
      postgres.close();
    }
    if (directory != null) {
      directory.close();
    }
  }

  /** The running server; a test may stop and start it. */
  public EmbeddedPostgres postgres() {
    if (postgres == null) {
      throw new IllegalStateException("register the extension as a static field");
    }
    return postgres;
  }

  public String jdbcUrl() {
    return postgres().jdbcUrl();
  }
}
