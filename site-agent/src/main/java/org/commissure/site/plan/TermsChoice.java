package org.commissure.site.plan;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.protocol.UserError;

/**
 * What a steward says differently from a proposal. What is not said is as in the first steward's terms, or else as
 * proposed.
 *
 * @param tasks some of the proposal's; empty where not said
 * @param until last day, UTC, {@code 2027-06-30}
 */
public record TermsChoice(List<String> tasks, OptionalDouble epsilon, Optional<String> until) {
    public TermsChoice {
        tasks = List.copyOf(tasks);
    }

    /** @throws UserError naming the option that cannot be meant */
    public ApprovalTerms of(ApprovalTerms proposal, PlanState state) {
        Optional<ApprovalTerms> first = state.terms();
        double asked = epsilon.orElseGet(() -> first.map(ApprovalTerms::epsilon).orElse(proposal.epsilon()));
        if (!(asked >= 0 && Double.isFinite(asked))) {
            throw new UserError("--epsilon is " + asked, "give a number of 0 or more");
        }
        List<String> wanted = tasks.isEmpty() ? first.map(ApprovalTerms::tasks).orElse(proposal.tasks()) : tasks;
        for (String task : wanted) {
            if (!proposal.tasks().contains(task)) {
                throw new UserError("--task is '" + task + "'", "known are " + String.join(", ", proposal.tasks()));
            }
        }
        return new ApprovalTerms(
                proposal.plan(),
                wanted.stream().distinct().sorted().toList().reversed(),
                proposal.purpose(),
                proposal.code(),
                proposal.data(),
                asked,
                until.map(TermsChoice::end)
                        .orElseGet(() -> first.map(ApprovalTerms::expires).orElse(proposal.expires())));
    }

    private static Instant end(String day) {
        try {
            return LocalDate.parse(day).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new UserError("--until is '" + day + "'", "write a day, for example 2027-06-30", e);
        }
    }
}
