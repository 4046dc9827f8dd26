package dev.tidewatch.control.deploy;

import dev.tidewatch.control.deploy.RuleChanges.Order;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RefusedDeploymentException;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Two who change one rule at once: the second is told of the first. */
final class BaseVersions {
  private BaseVersions() {}

  /**
   * Holds each file that names a base against the newest version of its rule.
   *
   * @param seen of a rule: versions that are not seen are nobody's base
   * @throws DeploymentConflictException when there is a newer one with another text
   */
  static void require(RuleBook book, Order order, Function<String, SeenVersions> seen) {
    for (RuleSource file : order.files()) {
      Integer base = order.bases().get(file.file());
      if (base != null) {
        List<RuleDocument> documents = RuleDocument.of(List.of(file));
        if (documents.size() != 1) {
          throw new RefusedDeploymentException(
              "%s: a base version is for a file of one document, and this has %d"
                  .formatted(file.file(), documents.size()));
        }
        RuleDocument document = documents.get(0);
        require(book, order, document, base, seen.apply(document.id()));
      }
    }
  }

  private static void require(
      RuleBook book, Order order, RuleDocument document, int base, SeenVersions seen) {
    Entry entry = book.entries().get(document.id());
    Optional<Integer> number =
        entry == null ? Optional.empty() : seen.newest(entry.versions().keySet());
    if (entry == null || number.isEmpty()) {
      if (base != 0) {
        throw new DeploymentConflictException(
            "rule %s is not there, and the text was made from its version %d"
                .formatted(document.id(), base));
      }
      return;
    }
    RuleVersion newest = entry.version(number.get());
    if (newest.getVersion() != base && !newest.getHash().equals(document.hash())) {
      throw new DeploymentConflictException(
          "version %d of rule %s was made by %s at %s, and this text was made from version %d: look at the difference, and change that one"
              .formatted(
                  newest.getVersion(),
                  document.id(),
                  Sight.of(order.note().author()).author(newest.getAuthor()),
                  Instant.EPOCH
                      .plus(newest.getCreatedUs(), ChronoUnit.MICROS)
                      .truncatedTo(ChronoUnit.SECONDS),
                  base));
    }
  }
}
