package org.commissure.models.multisite;

/** Is told where a long comparison stands, on the thread that works. */
@FunctionalInterface
public interface ProgressListener {
    /** @param stage what is being done, for a person to read */
    void at(String stage, long done, long all);
}
