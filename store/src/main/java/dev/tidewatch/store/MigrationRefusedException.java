package dev.tidewatch.store;

/** The database's migrations and the program's do not agree. The message names the migration. */
public final class MigrationRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MigrationRefusedException(String message) {
    super(message);
  }
}
