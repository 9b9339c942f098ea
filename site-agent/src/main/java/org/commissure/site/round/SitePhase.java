package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;

/**
 * Where one attempt at one secure sum stands at this site; the mirror of the coordinator's phases.
 *
 * <pre>
 * sealing → invited → advertised → shared → training → uploading → uploaded → voted → unmasked → released
 *    └→ refused                └──────────────── any phase ────────────────→ abandoned
 *                                                       with a check: unmasked → opened → proved → released
 * </pre>
 *
 * <p>A phase is named after what the site has done. Each takes two kinds of request: the one that led
 * to it, which it answers again with the same bytes, and the one that leads on. {@link #on} changes
 * the sum in memory only; the shell makes the change durable and then lets the new phase
 * {@link #speak}. So a kill at any point loses at most an answer that the coordinator will ask for
 * again. Phases hold no state of their own.
 */
sealed interface SitePhase
        permits SealingPhase,
                RefusedPhase,
                InvitedPhase,
                AdvertisedPhase,
                SharedPhase,
                TrainingPhase,
                UploadingPhase,
                UploadedPhase,
                VotedPhase,
                UnmaskedPhase,
                OpenedPhase,
                ProvedPhase,
                ReleasedPhase,
                AbandonedPhase {

    /** As it is stored, and as fault points name it. */
    String name();

    /**
     * The phase after {@code event}: this one where the request is repeated, empty where the event is
     * none of this phase's business.
     *
     * @throws SecAggException if the request contradicts what this site signed before, or fails a
     *     check; the site stays in this phase
     */
    Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException;

    /** Says or starts what is due in this phase, after it became durable; may be called again. */
    default void speak(SumInProgress sum, SiteServices site) {
        sum.answer().ifPresent(site.link()::send);
    }

    /** Whether nothing more can come of the sum. */
    default boolean isTerminal() {
        return false;
    }

    /** The phase of that stored name. */
    static SitePhase named(String name) {
        return switch (name) {
            case "sealing" -> new SealingPhase();
            case "refused" -> new RefusedPhase();
            case "invited" -> new InvitedPhase();
            case "advertised" -> new AdvertisedPhase();
            case "shared" -> new SharedPhase();
            case "training" -> new TrainingPhase();
            case "uploading" -> new UploadingPhase();
            case "uploaded" -> new UploadedPhase();
            case "voted" -> new VotedPhase();
            case "unmasked" -> new UnmaskedPhase();
            case "opened" -> new OpenedPhase();
            case "proved" -> new ProvedPhase();
            case "released" -> new ReleasedPhase();
            case "abandoned" -> new AbandonedPhase();
            default -> throw new IllegalStateException("the site's database names an unknown phase '" + name + "'");
        };
    }
}
