package org.commissure.privacy.dp;

/** Which two data sets must look alike: the neighbours that a guarantee compares. */
public enum Relation {
    /** One patient is added or removed; the bound covers both directions. */
    ADD_REMOVE("add-remove", "added or removed"),

    /** One patient is replaced by another; two contributions of norm C can lie 2C apart. */
    REPLACE_ONE("replace-one", "replaced by another");

    private final String label;
    private final String meaning;

    Relation(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** As commands and files spell it. */
    public String label() {
        return label;
    }

    /** Completes "for each patient, …". */
    public String meaning() {
        return meaning;
    }

    /** How far apart two neighbours' sums can lie, in units of one patient's largest contribution. */
    double distance() {
        return this == ADD_REMOVE ? 1 : 2;
    }
}
