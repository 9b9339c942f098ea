package org.commissure.deploy.simulation;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;

/**
 * What is simulated.
 *
 * @param parameters of the model, about
 * @param trainingSeconds median of the time that a site waits in place of training
 * @param spread standard deviation of that time's logarithm
 * @param drop share of the sites that vanish for good in the first round, after they shared their keys
 */
record Scenario(int sites, int parameters, int rounds, double trainingSeconds, double spread, double drop, long seed) {
    static final int FEWEST_SITES = 3;
    /** Shares are points of GF(2⁸) other than 0. */
    static final int MOST_SITES = 255;

    Scenario {
        if (sites < FEWEST_SITES || sites > MOST_SITES) {
            throw new UserError(
                    "--sites is " + sites,
                    "give " + FEWEST_SITES + " to " + MOST_SITES
                            + ": one secure sum has no more parties; docs/scaling.md says what would be needed");
        }
        if (rounds < 1 || parameters < 1 || trainingSeconds < 0 || spread < 0) {
            throw new UserError("--rounds, --parameters, --training-seconds or --spread is too small", "see --help");
        }
        if (!(drop >= 0 && drop < 1)) {
            throw new UserError("--drop is " + drop, "give a share of the sites: 0 or more, less than 1");
        }
        if (leaving(sites, drop) > sites - Study.threshold(sites)) {
            throw new UserError(
                    "--drop is " + drop + ", which leaves fewer than " + Study.threshold(sites) + " of " + sites
                            + " sites",
                    "at most " + (sites - Study.threshold(sites)) + " may vanish; otherwise no sum is ever opened");
        }
    }

    private static int leaving(int sites, double drop) {
        return (int) Math.round(sites * drop);
    }

    /** Indices, from 0, of the sites that vanish. */
    Set<Integer> leavers() {
        Random random = new Random(seed);
        Set<Integer> leavers = new TreeSet<>();
        while (leavers.size() < leaving(sites, drop)) {
            leavers.add(random.nextInt(sites));
        }
        return leavers;
    }

    /** How long a site seems to train: log-normal, as machines and cohorts differ. @param site from 0 */
    Duration training(int site, int round) {
        Random random = new Random(seed ^ (site * 31L + round) * 0x9E3779B97F4A7C15L);
        return Duration.ofMillis(Math.round(1000 * trainingSeconds * Math.exp(spread * random.nextGaussian())));
    }

    /** Bytes that are on the disk at one time: at each site a model and a masked vector, and the coordinator's copy. */
    long diskBytes() {
        return (3L * sites + 4) * parameters * Integer.BYTES;
    }
}
