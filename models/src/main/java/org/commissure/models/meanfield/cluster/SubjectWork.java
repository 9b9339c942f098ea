package org.commissure.models.meanfield.cluster;

/** What is done with one subject: a pure function, so that it does not matter where. Thread-safe. */
@FunctionalInterface
public interface SubjectWork {
    /**
     * @param task JSON
     * @return JSON
     * @throws IllegalArgumentException if the task cannot be done; the message says why, and names no person
     * @throws ArithmeticException if it leaves the range of numbers
     */
    byte[] fit(byte[] task) throws InterruptedException;
}
