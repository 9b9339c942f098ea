package org.commissure.privacy.dp.pld;

import java.util.List;
import org.commissure.privacy.dp.Relation;

/**
 * One integer that moves by Δ with one patient, who takes part with probability q, under integer noise.
 *
 * @param shift Δ, at least 1
 * @param buckets whether every loss is rounded up instead of connecting the dots
 */
record LatticeLoss(double q, LatticeNoise noise, long shift, Relation relation, boolean buckets) implements LossPair {
    @Override
    public double scale() {
        long radius = noise.radius(1e-12);
        double sum = 0;
        for (long z = -radius - shift; z <= radius + shift; z++) {
            double logP = logMixture(z, shift);
            double loss = logP - logOther(z);
            sum += Math.exp(logP) * loss * loss;
        }
        return Math.sqrt(sum);
    }

    @Override
    public List<GridLoss> onGrid(double interval, double tail) {
        long radius = noise.radius(tail);
        long low = (relation == Relation.REPLACE_ONE ? -shift : 0) - radius;
        long high = shift + radius;
        if (high - low > LatticeNoise.MAXIMUM_ATOMS) {
            throw new IllegalArgumentException(
                    "the noise is too wide for a privacy loss distribution over the integers");
        }
        double lowest = logMixture(low, shift) - logOther(low);
        double highest = logMixture(high, shift) - logOther(high);
        long first = (long) Math.floor(lowest / interval);
        long last = (long) Math.floor(highest / interval) + 1;
        if (last - first >= LatticeNoise.MAXIMUM_ATOMS || highest > 600 || lowest < -600) {
            throw new IllegalArgumentException(
                    "the noise is too small for a privacy loss distribution: the loss reaches " + highest);
        }
        boolean symmetric = q == 1 || relation == Relation.REPLACE_ONE; // reflection exchanges P and Q
        if (buckets) {
            GridLoss removed = inBuckets(interval, tail, low, high, 1);
            return symmetric ? List.of(removed) : List.of(removed, inBuckets(interval, tail, low, high, -1));
        }
        double[] mass = new double[(int) (last - first) + 1];
        double share = 1 / -Math.expm1(-interval);
        for (long z = low; z <= high; z++) {
            double logP = logMixture(z, shift);
            double loss = logP - logOther(z);
            int i = (int) Math.min(mass.length - 2L, Math.max(0, (long) Math.floor(loss / interval) - first));
            double lossBelow = (first + i) * interval;
            double p = Math.exp(logP);
            mass[i + 1] += p * Math.max(0, -Math.expm1(lossBelow - loss) * share);
            mass[i] += p * Math.max(0, Math.expm1(lossBelow + interval - loss) * share * Math.exp(-interval));
        }
        mass[1] += tail; // integers below `low`
        GridLoss loss = new GridLoss(interval, first, mass, tail);
        if (symmetric) {
            return List.of(loss);
        }
        GridLoss reversed = loss.reversed(tail);
        reversed.mass()[1] += tail; // integers above `high`
        return List.of(loss, reversed);
    }

    /** @param direction 1 for P against Q, −1 for Q against P */
    private GridLoss inBuckets(double interval, double tail, long low, long high, int direction) {
        double atLow = direction * (logMixture(low, shift) - logOther(low));
        double atHigh = direction * (logMixture(high, shift) - logOther(high));
        long first = (long) Math.ceil(Math.min(atLow, atHigh) / interval);
        long last = (long) Math.ceil(Math.max(atLow, atHigh) / interval);
        double[] mass = new double[(int) (last - first) + 1];
        for (long z = low; z <= high; z++) {
            double logP = logMixture(z, shift);
            double logQ = logOther(z);
            int i = (int) ((long) Math.ceil(direction * (logP - logQ) / interval) - first);
            mass[Math.clamp(i, 0, mass.length - 1)] += Math.exp(direction > 0 ? logP : logQ);
        }
        mass[0] += tail; // integers of still lower loss
        return new GridLoss(interval, first, mass, tail);
    }

    private double logOther(long z) {
        return relation == Relation.REPLACE_ONE ? logMixture(z, -shift) : noise.logMass(z);
    }

    /** ln((1 − q)·noise(z) + q·noise(z − by)). */
    private double logMixture(long z, long by) {
        double moved = noise.logMass(z - by);
        if (q == 1) {
            return moved;
        }
        double still = noise.logMass(z);
        double x = moved - still;
        return x > 30
                ? moved + Math.log(q) + Math.log1p((1 - q) / q * Math.exp(-x))
                : still + Math.log1p(q * Math.expm1(x));
    }
}
