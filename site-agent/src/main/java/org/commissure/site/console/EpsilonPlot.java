package org.commissure.site.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.commissure.models.picture.SvgPage;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.site.policy.SitePolicy;
import org.jspecify.annotations.Nullable;

/** ε spent by charge, composed over all studies, against the policy's limit. Thread-safe; draws a ledger once. */
final class EpsilonPlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 300;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 50;
    private static final int BOTTOM = 46;
    private static final int TICKS = 4;
    /** Each point composes all charges before it. */
    private static final int POINTS = 40;

    private record Drawn(String head, double limit, double delta, String svg) {}

    private @Nullable Drawn last;

    private record Point(int charge, double epsilon) {}

    synchronized String svg(LedgerContents ledger, SitePolicy.Privacy budget) {
        Drawn drawn = last;
        if (drawn == null
                || !drawn.head().equals(ledger.head())
                || drawn.limit() != budget.epsilonBudget()
                || drawn.delta() != budget.maximumDelta()) {
            drawn = new Drawn(ledger.head(), budget.epsilonBudget(), budget.maximumDelta(), draw(ledger, budget));
            last = drawn;
        }
        return drawn.svg();
    }

    private String draw(LedgerContents ledger, SitePolicy.Privacy budget) {
        List<Point> points = points(ledger.charges(), budget.maximumDelta());
        double most = Math.max(budget.epsilonBudget(), points.getLast().epsilon());
        double top = 1.1 * most;
        int charges = Math.max(1, ledger.charges().size());
        SvgPage page = new SvgPage(WIDTH, HEIGHT, "ε spent, over all studies");
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = most * tick / TICKS;
            page.line(tick == 0 ? "axis" : "grid", LEFT, y(value, top), WIDTH - RIGHT, y(value, top));
            page.text(LEFT - 8.0, y(value, top) + 4, "end", "", SvgPage.number(value));
        }
        page.line("reference", LEFT, y(budget.epsilonBudget(), top), WIDTH - RIGHT, y(budget.epsilonBudget(), top));
        page.text(
                WIDTH - RIGHT,
                y(budget.epsilonBudget(), top) - 6,
                "end",
                "",
                "limit " + SvgPage.number(budget.epsilonBudget()));
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    path.isEmpty() ? "M" : " L",
                    LEFT + (double) (WIDTH - LEFT - RIGHT) * point.charge() / charges,
                    y(point.epsilon(), top)));
        }
        page.path("c0", path.toString());
        page.text(LEFT, HEIGHT - 14.0, "start", "", "0");
        page.text(WIDTH - RIGHT, HEIGHT - 14.0, "end", "", charges + (charges == 1 ? " charge" : " charges"));
        return page.end();
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
    }

    private static List<Point> points(List<Charge> charges, double delta) {
        List<Point> points = new ArrayList<>(List.of(new Point(0, 0)));
        int step = Math.max(1, (charges.size() + POINTS - 1) / POINTS);
        for (int count = step; count < charges.size() + step; count += step) {
            int upTo = Math.min(count, charges.size());
            points.add(new Point(
                    upTo,
                    LedgerContents.compose(charges.subList(0, upTo), delta).epsilon()));
        }
        return points;
    }
}
