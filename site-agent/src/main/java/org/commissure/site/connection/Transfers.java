package org.commissure.site.connection;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one way in which transfers are tried again. */
final class Transfers {
    private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);

    /** A coordinator that is just coming up again may not know yet what it awaits. */
    private static final int REFUSALS_TOLERATED = 3;

    private Transfers() {}

    /** One attempt, over one connection. */
    @FunctionalInterface
    interface Attempt {
        void run() throws TransferRefusedException, IOException, InterruptedException;
    }

    /** Repeats {@code attempt} with growing pauses until it succeeds or the coordinator says no. */
    static void untilDone(String what, RandomGenerator random, Attempt attempt)
            throws TransferRefusedException, IOException, InterruptedException {
        Backoff backoff = new Backoff(random);
        int refusals = 0;
        while (true) {
            try {
                attempt.run();
                return;
            } catch (StatusRuntimeException e) {
                Status status = e.getStatus();
                switch (status.getCode()) {
                    case NOT_FOUND,
                            FAILED_PRECONDITION,
                            INVALID_ARGUMENT,
                            PERMISSION_DENIED,
                            UNAUTHENTICATED,
                            DATA_LOSS,
                            UNIMPLEMENTED -> {
                        refusals++;
                        if (refusals > REFUSALS_TOLERATED) {
                            throw new TransferRefusedException(
                                    what + " was refused by the coordinator: " + status.getDescription());
                        }
                    }
                    default -> {
                        if (Thread.interrupted()) {
                            throw new InterruptedException(what + " was stopped");
                        }
                        LOG.info("{} was interrupted ({}); going on", what, status.getCode());
                    }
                }
            }
            Thread.sleep(backoff.next());
        }
    }
}
