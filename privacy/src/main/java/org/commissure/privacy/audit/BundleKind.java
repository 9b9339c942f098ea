package org.commissure.privacy.audit;

/** What the entries of a {@link LogBundle} were chosen for. */
public enum BundleKind {
    /** To show them. */
    ENTRIES,
    /** To prove that a site's masked update was one of those in an aggregate: {@link Receipt}. */
    RECEIPT
}
