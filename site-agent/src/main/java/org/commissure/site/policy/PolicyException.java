package org.commissure.site.policy;

/** A value in a policy that cannot be meant; names the key, so that the file's reader can say where. */
final class PolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final String remedy;

    PolicyException(String key, String problem, String remedy) {
        super(key + " " + problem);
        this.key = key;
        this.remedy = remedy;
    }

    /** The dotted key. */
    String key() {
        return key;
    }

    String remedy() {
        return remedy;
    }
}
