package dev.tidewatch.match.index;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.match.ReferenceTest;
import dev.tidewatch.match.decode.FieldCatalog;
import dev.tidewatch.match.decode.Routes;
import dev.tidewatch.match.decode.Text;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.rewrite.Rewriter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A rule set, and the partitions of it that events have asked for. Shared by threads; a partition
 * is made once, when the first event of its kind comes.
 */
final class RuleIndex implements Routes<Partition> {
  /** Few values in a day's events, and asked for by many rules: worth a partition for each. */
  private static final Set<String> CONSTANT =
      Set.of("Channel", "EventID", "Provider_Name", "eventSource", "eventName");

  /** Beyond it events share partitions in which nothing is constant. */
  private static final int MAX_PARTITIONS = 2_000;

  private final FieldCatalog catalog;
  private final Tests tests;
  private final List<Expr> conditions = new ArrayList<>();
  private final List<LogSource> sources = new ArrayList<>();
  private final List<Integer> constantTests = new ArrayList<>();
  private final List<ReferenceTest> constantReferences = new ArrayList<>();
  private final AtomicInteger fieldIndexes = new AtomicInteger();
  private final Map<Key, Partition> partitions = new ConcurrentHashMap<>();

  /**
   * @param holding constant tests that hold; null when none is constant
   */
  private record Key(List<LogSource> sources, @Nullable BitSet holding) {}

  RuleIndex(List<SigmaRule> rules) {
    Set<String> fields = new LinkedHashSet<>();
    List<Predicate> predicates = new ArrayList<>();
    Conditions collector =
        new Conditions(
            predicate -> {
              predicates.add(predicate);
              return 0;
            });
    List<Detection> detections =
        rules.stream().map(rule -> Rewriter.rewrite(rule.detection())).toList();
    detections.forEach(collector::of);
    for (Predicate predicate : predicates) {
      if (!predicate.field().isEmpty()) {
        fields.add(predicate.field());
      }
      if (predicate instanceof Predicate.SameAs same) {
        fields.add(same.other());
      }
    }
    catalog = new FieldCatalog(fields, keywords(predicates));
    tests = new Tests(catalog);
    Conditions made = new Conditions(tests::number);
    detections.forEach(detection -> conditions.add(made.of(detection)));
    rules.forEach(rule -> sources.add(rule.logSource()));
    for (int test = 0; test < tests.size(); test++) {
      if (CONSTANT.contains(tests.predicate(test).field())
          && !(tests.predicate(test) instanceof Predicate.SameAs)) {
        constantTests.add(test);
        constantReferences.add(ReferenceTest.of(tests.predicate(test)));
      }
    }
  }

  /** Parts of keywords that may be found in keys. */
  private static List<String> keywords(List<Predicate> predicates) {
    return predicates.stream()
        .filter(predicate -> predicate.field().isEmpty())
        .flatMap(predicate -> Tests.keyword(predicate).literals().stream())
        .map(literal -> KeywordIndex.plainPart(literal.text()))
        .map(part -> Text.decode(part, 0, part.length))
        .distinct()
        .toList();
  }

  FieldCatalog catalog() {
    return catalog;
  }

  int regexes() {
    return tests.regexes();
  }

  int partitionCount() {
    return partitions.size();
  }

  @Override
  public Set<String> constantFields() {
    return CONSTANT;
  }

  @Override
  public Partition route(EventDocument event) {
    Key key = new Key(event.logSources(), null);
    if (partitions.size() < MAX_PARTITIONS) {
      BitSet holding = new BitSet();
      for (int i = 0; i < constantTests.size(); i++) {
        holding.set(constantTests.get(i), constantReferences.get(i).holds(event));
      }
      key = new Key(event.logSources(), holding);
    }
    return partitions.computeIfAbsent(key, this::build);
  }

  private Partition build(Key key) {
    PartitionBuilder builder = new PartitionBuilder(tests, fieldIndexes);
    BitSet holding = key.holding();
    BitSet constant = new BitSet();
    if (holding != null) {
      constantTests.forEach(constant::set);
    }
    for (int rule = 0; rule < conditions.size(); rule++) {
      if (isCovered(sources.get(rule), key.sources())) {
        builder.add(
            rule,
            Expr.map(
                conditions.get(rule),
                test ->
                    !constant.get(test)
                        ? new Expr.Leaf(test)
                        : holding != null && holding.get(test) ? Expr.TRUE : Expr.FALSE));
      }
    }
    return builder.build();
  }

  /** Whether a rule looks at events of these log sources. */
  boolean isCovered(int rule, List<LogSource> event) {
    return isCovered(sources.get(rule), event);
  }

  private static boolean isCovered(LogSource rule, List<LogSource> event) {
    for (LogSource source : event) {
      if (rule.covers(source)) {
        return true;
      }
    }
    return false;
  }
}
