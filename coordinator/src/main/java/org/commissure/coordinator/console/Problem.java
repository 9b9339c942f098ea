package org.commissure.coordinator.console;

/** Why a request is not answered: an HTTP status, and in words what and what to do. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String remedy;

    Problem(int status, String what, String remedy) {
        super(what, null, false, false);
        this.status = status;
        this.remedy = remedy;
    }

    static Problem notFound(String what) {
        return new Problem(404, what, "go back to the list and choose one that is there");
    }

    int status() {
        return status;
    }

    Body body() {
        return new Body(String.valueOf(getMessage()), remedy);
    }

    /** As it is sent. */
    record Body(String error, String remedy) {}
}
