package dev.tidewatch.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.SinglePredicate;
import dev.tidewatch.sigma.ir.Comparison;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.TextMode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * One predicate on one event. Where it fails, looser predicates are tried to say how: the same
 * without regard to case, anywhere in the value, any number, any address.
 */
final class PredicateTrial {
  private final Predicate predicate;
  private final EventDocument event;
  private final List<JsonNode> values;

  PredicateTrial(Predicate predicate, EventDocument event) {
    this.predicate = predicate;
    this.event = event;
    this.values = predicate.field().isEmpty() ? List.of() : event.field(predicate.field());
  }

  SearchResult.Test result() {
    Optional<String> matched = SinglePredicate.valueThatHolds(predicate, event);
    Why why = matched.isPresent() ? Why.MATCHED : whyNot();
    return new SearchResult.Test(
        matched.isPresent(),
        predicate.field(),
        predicate.operator(),
        predicate.pattern(),
        values.stream().map(PredicateTrial::shown).toList(),
        matched.orElse(""),
        why,
        note(why));
  }

  private static String shown(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private String note(Why why) {
    if (why == Why.FIELD_ABSENT) {
      return SimilarField.of(predicate.field(), event)
          .map(name -> "the event has '" + name + "'; field names are exact")
          .orElse("");
    }
    if (why == Why.OTHER_FIELD_ABSENT && predicate instanceof Predicate.SameAs same) {
      return SimilarField.of(same.other(), event)
          .map(name -> "the event has '" + name + "'; field names are exact")
          .orElse("");
    }
    return "";
  }

  private Why whyNot() {
    if (predicate.field().isEmpty()) {
      return ofCase().orElse(Why.NOT_FOUND);
    }
    if (predicate instanceof Predicate.IsNull) {
      return Why.HAS_VALUE;
    }
    if (predicate instanceof Predicate.Exists exists) {
      return exists.present() ? Why.FIELD_ABSENT : Why.FIELD_PRESENT;
    }
    if (values.isEmpty()) {
      return Why.FIELD_ABSENT;
    }
    if (values.stream().allMatch(JsonNode::isNull)) {
      return Why.FIELD_IS_NULL;
    }
    if (values.stream().noneMatch(value -> value.isValueNode() && !value.isNull())) {
      return Why.NO_PLAIN_VALUE;
    }
    return ofType().or(this::ofCase).or(this::ofPlace).orElse(Why.VALUE_DIFFERS);
  }

  private boolean holds(Predicate other) {
    return SinglePredicate.holds(other, event);
  }

  private Optional<Why> ofType() {
    if (predicate instanceof Predicate.Compare compare) {
      BigDecimal zero = BigDecimal.ZERO;
      boolean number =
          holds(new Predicate.Compare(compare.field(), Comparison.GREATER_OR_EQUAL, zero))
              || holds(new Predicate.Compare(compare.field(), Comparison.LESS, zero));
      return number ? Optional.empty() : Optional.of(Why.NOT_A_NUMBER);
    }
    if (predicate instanceof Predicate.InNetwork in) {
      boolean address =
          holds(new Predicate.InNetwork(in.field(), "0.0.0.0/0"))
              || holds(new Predicate.InNetwork(in.field(), "::/0"));
      return address ? Optional.empty() : Optional.of(Why.NOT_AN_ADDRESS);
    }
    if (predicate instanceof Predicate.InTime time) {
      boolean date =
          holds(new Predicate.InTime(time.field(), time.part(), Comparison.GREATER_OR_EQUAL, 0));
      return date ? Optional.empty() : Optional.of(Why.NOT_A_DATE);
    }
    if (predicate instanceof Predicate.SameAs same) {
      boolean missing = event.field(same.other()).stream().allMatch(JsonNode::isNull);
      return missing ? Optional.of(Why.OTHER_FIELD_ABSENT) : Optional.empty();
    }
    return Optional.empty();
  }

  private Optional<Why> ofCase() {
    Optional<Predicate> looser = Optional.empty();
    if (predicate instanceof Predicate.Text text && text.cased()) {
      looser = Optional.of(text(text, text.mode()));
    } else if (predicate instanceof Predicate.Regex regex && !regex.flags().contains("i")) {
      looser = Optional.of(new Predicate.Regex(regex.field(), regex.regex(), "i" + regex.flags()));
    } else if (predicate instanceof Predicate.SameAs same && same.cased() && !same.negated()) {
      looser =
          Optional.of(new Predicate.SameAs(same.field(), same.mode(), same.other(), false, false));
    }
    return looser.filter(this::holds).map(p -> Why.CASE_DIFFERS);
  }

  private Optional<Why> ofPlace() {
    return predicate instanceof Predicate.Text text
            && text.mode() != TextMode.CONTAINS
            && !text.written().isEmpty()
            && holds(text(text, TextMode.CONTAINS))
        ? Optional.of(Why.TEXT_ELSEWHERE)
        : Optional.empty();
  }

  private static Predicate text(Predicate.Text text, TextMode mode) {
    return new Predicate.Text(text.field(), mode, text.text(), false, text.written());
  }
}
