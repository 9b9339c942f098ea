package org.commissure.deploy.quickstart;

import java.util.Optional;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.federation.ProcessFederation;

/**
 * One site that dies in the middle of a round and comes back: SIGKILL while it trains, a new process
 * once the round was released without it.
 */
final class SiteKill {
    private enum Stage {
        WAITING,
        DEAD,
        BACK
    }

    private final ProcessFederation federation;
    private final String site;
    private final int round;
    private Stage stage = Stage.WAITING;

    SiteKill(ProcessFederation federation, String site, int round) {
        this.federation = federation;
        this.site = site;
        this.round = round;
    }

    /** Acts on the newest status; returns what it did, if anything. */
    Optional<String> step(RunSummary run) {
        if (stage == Stage.WAITING && training(run)) {
            federation.site(site).kill();
            stage = Stage.DEAD;
            return Optional.of("killed site " + site + " (SIGKILL) while it trained in round " + round);
        }
        boolean trainingOver =
                run.round() > round || run.round() == round && run.sum().equals("EVALUATE");
        if (stage == Stage.DEAD && trainingOver) {
            federation.startSite(site);
            stage = Stage.BACK;
            return Optional.of("the training of round " + round + " is over; started site " + site + " again");
        }
        return Optional.empty();
    }

    private boolean training(RunSummary run) {
        return run.round() == round
                && run.sum().equals("TRAIN")
                && run.phase().equals("collecting")
                && run.sites().stream()
                        .anyMatch(one -> one.name().equals(site) && one.fraction() > 0 && one.fraction() < 1);
    }

    /** Empty if everything happened as announced, else what did not. */
    Optional<String> failure(RunSummary run) {
        if (stage != Stage.BACK) {
            return Optional.of(
                    "site " + site + " was not killed and restarted: it was never seen training in round " + round);
        }
        Optional<RoundSummary> hit =
                run.history().stream().filter(one -> one.round() == round).findFirst();
        if (hit.isEmpty()
                || hit.get().outcome() != RoundOutcome.RELEASED
                || hit.get().survivors().contains(site)) {
            return Optional.of("round " + round + " was not released without site " + site);
        }
        boolean back = run.history().stream()
                .anyMatch(one -> one.round() > round && one.survivors().contains(site));
        return back ? Optional.empty() : Optional.of("site " + site + " did not take part again after round " + round);
    }
}
