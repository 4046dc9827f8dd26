package dev.tidewatch.diagnostic;

import java.util.Collection;
import java.util.Locale;

/** The known name that an unknown one probably meant. */
public final class Suggestion {
  private static final int LONGEST = 64;

  private Suggestion() {}

  /** {@code did you mean 'contains'?}, or {@code otherwise} when nothing is near. */
  public static String didYouMean(String unknown, Collection<String> known, String otherwise) {
    String nearest = nearest(unknown, known);
    return nearest.isEmpty() ? otherwise : "did you mean '" + nearest + "'?";
  }

  /** The nearest of {@code known} within a third of its length in edits; empty if none is. */
  public static String nearest(String unknown, Collection<String> known) {
    if (unknown.length() > LONGEST) {
      return "";
    }
    String best = "";
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      int allowed = Math.max(1, Math.min(unknown.length(), candidate.length()) / 3);
      int distance = distance(unknown.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance <= allowed && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Edits with transpositions (optimal string alignment). */
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > LONGEST / 3) {
      return Integer.MAX_VALUE;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
