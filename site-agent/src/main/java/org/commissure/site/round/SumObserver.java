package org.commissure.site.round;

import org.commissure.protocol.v1.SumId;

/** Is told how sums go on at this site; on the round thread, so it must be quick and may not throw. */
public interface SumObserver {
    /** Nobody wants to know. */
    SumObserver NONE = new SumObserver() {
        @Override
        public void entered(SumId sum, String left, String entered) {}

        @Override
        public void refused() {}
    };

    /**
     * A phase ended.
     *
     * @param entered the one that is durable now
     */
    void entered(SumId sum, String left, String entered);

    /** What the coordinator asked was refused. */
    void refused();
}
