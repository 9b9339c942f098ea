package org.commissure.privacy.secagg;

/** A message of secure aggregation that is refused. Never holds a secret or a value of a vector. */
public final class SecAggException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String step;
    private final String peer;
    private final String symptom;

    /**
     * @param step which message was judged, such as {@code "share keys"}
     * @param peer a site's name, or {@code "coordinator"}
     * @param symptom what was wrong with it
     */
    public SecAggException(String step, String peer, String symptom) {
        super(step + " of " + peer + ": " + symptom);
        this.step = step;
        this.peer = peer;
        this.symptom = symptom;
    }

    public String step() {
        return step;
    }

    public String peer() {
        return peer;
    }

    public String symptom() {
        return symptom;
    }
}
