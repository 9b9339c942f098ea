package org.commissure.privacy.dp.pld;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.privacy.dp.Mechanism;
import org.commissure.privacy.dp.Relation;

/**
 * ε of composed steps, also unlike ones, from their privacy loss distribution: tighter than the Rényi accountant,
 * and always an upper bound. The grid is halved until the answer's own error is small.
 */
public final class PldAccountant {
    /** Relative to ε: the error at which the grid is fine enough. */
    private static final double RELATIVE_ERROR = 2e-4;

    private static final double ABSOLUTE_ERROR = 1e-7;

    /** Points of the largest transform: 2²⁰ complex numbers, about a tenth of a second. */
    private static final double LARGEST = 1 << 20;

    /** The first, coarse grid must leave room for two halvings. */
    private static final double LARGEST_FIRST = 1 << 19;

    /** Up to so many points of one step's grid, the window is looked for again, because a finer grid's is tighter. */
    private static final int SMALL_GRID = 20_000;

    /** Of δ: mass of all steps together that one step's grid may cut off. */
    private static final double CUT = 1e-8;

    /**
     * The interval that other accountants use: at equal intervals the bounds agree to ten digits. A grid is made finer
     * than this only where its error would be more than a twentieth of ε and more than 10⁻⁴.
     */
    public static final double USUAL_INTERVAL = 1e-4;

    private static final double USUAL_RELATIVE_ERROR = 0.05;

    private static final double USUAL_ERROR = 1e-4;

    private final Relation relation;
    private final double finest;
    private final Grid grid;
    private final List<LossPair> pairs = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    private PldAccountant(Relation relation, double finest, Grid grid) {
        this.relation = relation;
        this.finest = finest;
        this.grid = grid;
    }

    /** Starts a composition. The accountant is not thread-safe. */
    public static PldAccountant of(Relation relation) {
        return of(relation, USUAL_INTERVAL, Grid.CONNECT_DOTS);
    }

    /**
     * Starts a composition whose grid goes down to {@code finestInterval}, in units of ε, if a small error needs it.
     *
     * @throws IllegalArgumentException if it is not in [1e-9, 1]
     */
    public static PldAccountant of(Relation relation, double finestInterval, Grid grid) {
        if (!(finestInterval >= 1e-9 && finestInterval <= 1)) {
            throw new IllegalArgumentException("the finest interval is " + finestInterval + ", not in [1e-9, 1]");
        }
        return new PldAccountant(relation, finestInterval, grid);
    }

    /**
     * Composes {@code steps} more steps.
     *
     * @throws IllegalArgumentException if {@code steps} is below 0, the mechanism has no known worst pair, or its loss
     *     does not fit doubles
     */
    public PldAccountant add(Mechanism mechanism, long steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("the number of steps is " + steps + ", below 0");
        }
        LossPair pair = LossPairs.of(mechanism, relation, grid);
        if (steps == 0 || mechanism.rdp(2, relation) == 0) {
            return this; // nobody is sampled
        }
        if (!(pair.scale() > 0 && pair.scale() < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the noise of " + mechanism
                    + " is too small or too large for a privacy loss distribution in doubles");
        }
        pairs.add(pair);
        times.add(steps);
        return this;
    }

    /**
     * @throws IllegalArgumentException if {@code delta} is not in (0, 1), or the loss is too large for a grid of
     *     doubles (ε in the hundreds)
     */
    public LossBound epsilon(double delta) {
        if (!(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("delta is " + delta + ", not in (0, 1)");
        }
        if (pairs.isEmpty()) {
            return new LossBound(0, delta, 0, 0);
        }
        Search search = new Search(delta);
        double interval = search.coarsest();
        LossBound bound = search.at(interval); // its error is unknown until it is halved
        bound = new LossBound(bound.epsilon(), delta, bound.epsilon(), interval);
        while (true) {
            double finer = bound.interval() / 2;
            boolean usual = finer < finest * 0.75
                    && bound.error() <= Math.max(USUAL_RELATIVE_ERROR * bound.epsilon(), USUAL_ERROR);
            if (usual || search.size(finer) > LARGEST) {
                return resolved(bound)
                        ? bound
                        : new LossBound(bound.epsilon(), delta, bound.epsilon(), bound.interval());
            }
            LossBound next = search.at(finer);
            double gained = Math.max(0, bound.epsilon() - next.epsilon());
            bound = new LossBound(
                    Math.min(bound.epsilon(), next.epsilon()), delta, gained + next.error(), next.interval());
            if (resolved(bound) && gained <= Math.max(RELATIVE_ERROR * bound.epsilon(), ABSOLUTE_ERROR)) {
                return bound;
            }
        }
    }

    /** Two grids that are coarse beside ε can agree by chance: then nothing but ε itself bounds the error. */
    private static boolean resolved(LossBound bound) {
        return bound.interval() <= bound.epsilon() / 64 || bound.epsilon() == 0;
    }

    /** One δ, with the windows found on the last grid that was small enough to look for them. */
    private final class Search {
        private final double delta;
        private final long[] counts;
        private final double tail;
        private List<Window> windows = List.of();

        /** The best bound of each direction so far. */
        private double[] coarser = new double[0];

        Search(double delta) {
            this.delta = delta;
            counts = times.stream().mapToLong(Long::longValue).toArray();
            double steps = 0;
            for (long count : counts) {
                steps += count;
            }
            tail = Math.max(Double.MIN_NORMAL, CUT * delta / steps);
        }

        /** An interval at which a step's loss is coarse and the transform small. */
        double coarsest() {
            double squares = 0;
            double steps = 0;
            for (int k = 0; k < counts.length; k++) {
                squares += counts[k] * Math.pow(pairs.get(k).scale(), 2);
                steps += counts[k];
            }
            double wanted = Math.sqrt(squares / steps) / 2;
            double interval = finest * 2;
            while (interval < wanted) {
                interval *= 2;
            }
            while (true) {
                List<List<GridLoss>> directions = directions(interval);
                windows = new ArrayList<>();
                for (List<GridLoss> losses : directions) {
                    windows.add(Window.of(losses, counts, delta));
                }
                if (size(interval) <= LARGEST_FIRST) {
                    return interval;
                }
                interval *= 2;
            }
        }

        double size(double interval) {
            return windows.stream()
                    .mapToDouble(window -> Composition.size(window, interval))
                    .max()
                    .orElseThrow();
        }

        /**
         * ε on this grid, the worse of the directions; its error is that of cut-off mass and rounding alone. A direction
         * whose bound on a coarser grid is already below the other's is not computed again.
         */
        LossBound at(double interval) {
            List<List<GridLoss>> directions = directions(interval);
            int worst = coarser.length == 2 && coarser[1] > coarser[0] ? 1 : 0;
            if (coarser.length == 0) {
                coarser = new double[directions.size()];
                Arrays.fill(coarser, Double.POSITIVE_INFINITY);
            }
            double error = improve(worst, directions, interval);
            if (coarser.length == 2 && coarser[1 - worst] > coarser[worst]) {
                error = Math.max(error, improve(1 - worst, directions, interval));
            }
            return new LossBound(Arrays.stream(coarser).max().orElseThrow(), delta, error, interval);
        }

        private double improve(int direction, List<List<GridLoss>> directions, double interval) {
            List<GridLoss> losses = directions.get(direction);
            long points = losses.stream().mapToLong(loss -> loss.mass().length).sum();
            Window window = points <= SMALL_GRID
                    ? Window.of(losses, counts, delta)
                    : windows.get(direction).onFiner(losses, counts);
            windows.set(direction, window);
            Composition composed = Composition.of(losses, counts, window);
            double bounded = composed.epsilon(delta, true);
            coarser[direction] = Math.min(coarser[direction], bounded);
            return bounded - composed.epsilon(delta, false);
        }

        /** By direction, then by kind of step; a kind that looks the same from both sides stands in both. */
        private List<List<GridLoss>> directions(double interval) {
            List<GridLoss> removed = new ArrayList<>();
            List<GridLoss> added = new ArrayList<>();
            boolean alike = true;
            for (LossPair pair : pairs) {
                List<GridLoss> losses = pair.onGrid(interval, tail);
                removed.add(losses.getFirst());
                added.add(losses.getLast());
                alike &= losses.size() == 1;
            }
            return alike ? List.of(removed) : List.of(removed, added);
        }
    }
}
