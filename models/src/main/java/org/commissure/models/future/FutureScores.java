package org.commissure.models.future;

import java.util.ArrayList;
import java.util.List;
import org.commissure.models.evaluation.Bootstrap;
import org.commissure.models.evaluation.Bootstrap.Interval;

/**
 * How well the future was predicted, on the same frames of the same patients; intervals resample patients.
 *
 * @param methods the first is the one that the others are compared with
 * @param horizon frames predicted
 */
public record FutureScores(List<Method> methods, int patients, int windows, int horizon) {
    public FutureScores {
        methods = List.copyOf(methods);
    }

    /**
     * One method.
     *
     * @param r2 sums-of-squares R² over the whole horizon
     * @param lead R² minus that of the first method
     * @param r2ByStep of each predicted frame, the first frame after the past first; {@code meanSquaredErrorByStep}
     *     likewise, in variances of a scan's parcel
     */
    public record Method(
            String name,
            Interval r2,
            Interval meanSquaredError,
            Interval lead,
            List<Interval> r2ByStep,
            List<Interval> meanSquaredErrorByStep) {
        public Method {
            r2ByStep = List.copyOf(r2ByStep);
            meanSquaredErrorByStep = List.copyOf(meanSquaredErrorByStep);
        }
    }

    static FutureScores of(List<String> names, List<HorizonSums> patients, int windows, int horizon, long seed) {
        int each = 3 + 2 * horizon;
        List<Interval> intervals = Bootstrap.of(patients.size(), seed, times -> {
            HorizonSums all = new HorizonSums(names.size(), horizon);
            for (int i = 0; i < times.length; i++) {
                if (times[i] > 0) {
                    all.add(patients.get(i), times[i]);
                }
            }
            double[] statistics = new double[names.size() * each];
            for (int m = 0; m < names.size(); m++) {
                statistics[m * each] = all.r2(m, 0, horizon);
                statistics[m * each + 1] = all.meanSquaredError(m, 0, horizon);
                statistics[m * each + 2] = statistics[m * each] - statistics[0];
                for (int step = 0; step < horizon; step++) {
                    statistics[m * each + 3 + step] = all.r2(m, step, step + 1);
                    statistics[m * each + 3 + horizon + step] = all.meanSquaredError(m, step, step + 1);
                }
            }
            return statistics;
        });
        List<Method> methods = new ArrayList<>();
        for (int m = 0; m < names.size(); m++) {
            int at = m * each;
            methods.add(new Method(
                    names.get(m),
                    intervals.get(at),
                    intervals.get(at + 1),
                    intervals.get(at + 2),
                    intervals.subList(at + 3, at + 3 + horizon),
                    intervals.subList(at + 3 + horizon, at + 3 + 2 * horizon)));
        }
        return new FutureScores(methods, patients.size(), windows, horizon);
    }
}
