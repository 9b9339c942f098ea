package org.commissure.privacy.dp.pld;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.commissure.privacy.dp.Mechanism;
import org.commissure.privacy.dp.PoissonGaussian;
import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.privacy.dp.Relation;
import org.commissure.privacy.dp.RenyiOrders;
import org.commissure.privacy.dp.SummedDiscreteGaussian;
import org.junit.jupiter.api.Test;

/** Both accountants all over the range of what anybody may ask, at random. */
final class AccountantSweepTest {
    private static final int POINTS = 20;

    private record Point(double q, double sigma, long steps, double delta, Relation relation, boolean discrete) {
        static Point draw(SplittableRandom random) {
            boolean discrete = random.nextInt(4) == 0;
            return new Point(
                    random.nextInt(6) == 0 ? 1 : Math.pow(10, -6 * random.nextDouble()),
                    Math.max(discrete ? 0.5 : 0, 0.3 * Math.pow(50 / 0.3, random.nextDouble())),
                    (long) Math.pow(10, 6 * random.nextDouble()),
                    Math.pow(10, -3 - 7 * random.nextDouble()),
                    random.nextInt(3) == 0 ? Relation.REPLACE_ONE : Relation.ADD_REMOVE,
                    discrete);
        }

        private Mechanism step() {
            return discrete ? new SummedDiscreteGaussian(q, sigma, 1, 1, 1, 1) : new PoissonGaussian(q, sigma);
        }

        LossBound loss() {
            return PldAccountant.of(relation).add(step(), steps).epsilon(delta);
        }

        double renyi() {
            return RdpAccountant.builder(RenyiOrders.ALL, relation)
                    .add(step(), steps)
                    .epsilon(delta)
                    .epsilon();
        }
    }

    @Test
    void theLossDistributionIsNeverLooserAndBothGrowWithWhatIsSpent() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < POINTS; i++) {
            Point point = Point.draw(random);
            LossBound loss = point.loss();
            double renyi = point.renyi();
            String what = "seed " + seed + ", " + point + ", " + loss + ", rdp " + renyi;
            assertThat(loss.epsilon()).as(what).isNotNaN().isNotNegative();
            assertThat(renyi).as(what).isNotNaN().isGreaterThanOrEqualTo(loss.epsilon() - loss.error() - 1e-9);
            for (Point dearer : new Point[] {
                new Point(point.q, point.sigma, 2 * point.steps, point.delta, point.relation, point.discrete),
                new Point(point.q, point.sigma, point.steps, point.delta / 2, point.relation, point.discrete),
                new Point(point.q, 1.5 * point.sigma, point.steps, point.delta, point.relation, point.discrete)
            }) {
                boolean cheaper = dearer.sigma > point.sigma;
                LossBound other = dearer.loss();
                LossBound more = cheaper ? loss : other;
                LossBound less = cheaper ? other : loss;
                // An upper bound of more may lie below one of less by the latter's error alone.
                assertThat(more.epsilon())
                        .as("%s against %s %s", what, dearer, other)
                        .isGreaterThanOrEqualTo(less.epsilon() - less.error() - 1e-9);
                assertThat(cheaper ? renyi : dearer.renyi())
                        .as("%s against %s", what, dearer)
                        .isGreaterThanOrEqualTo((cheaper ? dearer.renyi() : renyi) * (1 - 1e-12));
            }
        }
    }

    @Test
    void anEpsilonOfAFewIntervalsIsNotCalledExact() {
        Point point = new Point(3.67e-6, 6.76, 3, 4.98e-8, Relation.REPLACE_ONE, false);
        LossBound coarse = point.loss();
        assertThat(coarse.epsilon()).isPositive().isLessThan(64 * coarse.interval());
        assertThat(coarse.error()).isEqualTo(coarse.epsilon());
    }
}
