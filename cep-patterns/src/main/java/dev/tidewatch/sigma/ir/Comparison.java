package dev.tidewatch.sigma.ir;

/** Order of the event's value against the rule's. */
public enum Comparison {
  EQUAL("equals"),
  LESS("lt"),
  LESS_OR_EQUAL("lte"),
  GREATER("gt"),
  GREATER_OR_EQUAL("gte");

  private final String sigmaName;

  Comparison(String sigmaName) {
    this.sigmaName = sigmaName;
  }

  public String sigmaName() {
    return sigmaName;
  }

  /**
   * @param order of the event's value against the rule's, as {@link Comparable#compareTo} gives it
   */
  public boolean holds(int order) {
    return switch (this) {
      case EQUAL -> order == 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }
}
