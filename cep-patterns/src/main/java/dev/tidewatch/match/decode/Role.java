package dev.tidewatch.match.decode;

/**
 * A node may be a field.
 *
 * @param scope in which it is; of several nodes for a field the one in the earlier scope counts
 * @param field id
 * @param order among nodes of one scope: the longer first key wins, as text to be compared
 * @param kind how sure that is
 */
record Role(Scope scope, int field, String order, Kind kind) {
  enum Kind {
    /** By its exact name. */
    EXACT,
    /** An XML attribute; counts after all exact names. */
    ATTRIBUTE,
    /** By a name without spaces, or a rare place of attributes: the document decides. */
    DOUBTFUL
  }
}
