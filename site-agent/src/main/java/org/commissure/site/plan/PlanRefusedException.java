package org.commissure.site.plan;

/** Something that claims to be a plan and must not be believed. */
public final class PlanRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    PlanRefusedException(String message) {
        super(message);
    }
}
