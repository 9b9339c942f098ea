package org.commissure.models.meanfield.fit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.commissure.models.meanfield.scoring.StagedScores;
import org.commissure.models.meanfield.statistics.Cost;

/**
 * The best candidates of a generation without the FCD of all. KS is never negative, so a candidate's total is at least
 * its FC cost: taken by rising FC cost, none that follows can be among the parents once the worst parent's total is
 * below the next FC cost. The result is exactly that of scoring everything.
 *
 * @param best indices of the best candidates, best first
 * @param costs of these
 * @param dynamicsScored candidates whose FCD was computed
 */
record LazyRanking(List<Integer> best, List<Cost> costs, int dynamicsScored) {

    /** @param chunk candidates that are scored between two looks at the bound */
    static LazyRanking of(StagedScores scores, int wanted, int chunk) throws InterruptedException {
        List<Cost> connectivity = scores.connectivity();
        List<Integer> order = IntStream.range(0, connectivity.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> connectivity.get(i).fcCost()))
                .toList();
        Cost[] totals = new Cost[connectivity.size()];
        PriorityQueue<Double> parents = new PriorityQueue<>(Comparator.reverseOrder());
        int next = 0;
        while (next < order.size() && !decided(parents, wanted, connectivity.get(order.get(next)))) {
            List<Integer> part = order.subList(next, Math.min(order.size(), next + chunk));
            List<Cost> scored = scores.withDynamics(part);
            for (int i = 0; i < part.size(); i++) {
                totals[part.get(i)] = scored.get(i);
                parents.add(scored.get(i).total());
                if (parents.size() > wanted) {
                    parents.poll();
                }
            }
            next += part.size();
        }
        List<Integer> ranked = new ArrayList<>(order.subList(0, next));
        // by total, then by index, so that ties do not depend on the order of scoring
        ranked.sort(Comparator.<Integer>comparingDouble(i -> totals[i].total()).thenComparingInt(i -> i));
        List<Integer> best = List.copyOf(ranked.subList(0, wanted));
        return new LazyRanking(best, best.stream().map(i -> totals[i]).toList(), next);
    }

    private static boolean decided(PriorityQueue<Double> parents, int wanted, Cost next) {
        Double worst = parents.peek();
        return parents.size() >= wanted && worst != null && next.fcCost() >= worst;
    }
}
