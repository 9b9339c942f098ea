package org.commissure.site.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.commissure.privacy.audit.Cosignature;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.audit.Openings;
import org.commissure.privacy.audit.Receipt;
import org.commissure.protocol.v1.Fact;

/** How the commands of {@code audit} say what they found, for people and as JSON. */
final class AuditText {
    static final ObjectMapper JSON = new ObjectMapper();

    private AuditText() {}

    static String pretty(JsonNode facts) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("facts that have no JSON form", e);
        }
    }

    static String verification(LogVerification found, boolean knowsAuthority) {
        StringBuilder text = new StringBuilder();
        if (found.ok()) {
            text.append("verified: ").append(found.size()).append(" entries, all signed, in order and under the");
            text.append(" signed checkpoint\n");
        } else {
            text.append(notVerified(found));
        }
        text.append("log:        ").append(found.origin()).append('\n');
        text.append("root:       ").append(found.rootHex()).append('\n');
        text.append("log key:    ").append(found.verifierKey()).append('\n');
        for (Cosignature cosignature : found.cosignatures()) {
            text.append("witness:    ").append(cosignature.witness()).append(" saw ");
            text.append(cosignature.size())
                    .append(" entries at ")
                    .append(cosignature.time())
                    .append('\n');
        }
        text.append("authority:  ").append(found.authoritySha256());
        if (!knowsAuthority) {
            text.append("\n            compare this SHA-256 with the one the coordinator reads to you");
        }
        return text.toString();
    }

    static String notVerified(LogVerification found) {
        StringBuilder text = new StringBuilder("NOT VERIFIED\n");
        found.firstBadEntry()
                .ifPresent(bad -> text.append("first bad entry: ")
                        .append(bad.index())
                        .append(": ")
                        .append(bad.problem())
                        .append('\n'));
        found.problem()
                .ifPresent(problem -> text.append("problem: ").append(problem).append('\n'));
        return text.toString();
    }

    static ObjectNode asJson(LogVerification found) {
        ObjectNode object = JSON.createObjectNode();
        object.put("ok", found.ok());
        object.put("size", found.size());
        object.put("root", found.rootHex());
        object.put("origin", found.origin());
        object.put("authority_sha256", found.authoritySha256());
        object.put("log_verifier_key", found.verifierKey());
        ArrayNode witnesses = object.putArray("cosignatures");
        for (Cosignature cosignature : found.cosignatures()) {
            witnesses
                    .addObject()
                    .put("witness", cosignature.witness())
                    .put("size", cosignature.size())
                    .put("time", cosignature.time().toString());
        }
        found.firstBadEntry()
                .ifPresentOrElse(
                        bad -> object.putObject("first_bad_entry")
                                .put("index", bad.index())
                                .put("problem", bad.problem()),
                        () -> object.putNull("first_bad_entry"));
        object.put("problem", found.problem().orElse(null));
        return object;
    }

    static String receipt(Receipt receipt) {
        return receipt.site() + "'s masked update " + receipt.maskedSha256() + "\nwas one of "
                + receipt.survivors().size() + " in the " + receipt.sum() + " sum of round " + receipt.round()
                + ", attempt " + receipt.attempt() + ", run " + receipt.run() + ": "
                + String.join(" ", receipt.survivors()) + "\nthe sum's SHA-256: " + receipt.sumSha256();
    }

    static ObjectNode asJson(Receipt receipt) {
        ObjectNode object = JSON.createObjectNode()
                .put("site", receipt.site())
                .put("run", receipt.run())
                .put("round", receipt.round())
                .put("attempt", receipt.attempt())
                .put("sum", receipt.sum())
                .put("masked_sha256", receipt.maskedSha256())
                .put("sum_sha256", receipt.sumSha256())
                .put("of", receipt.survivors().size());
        receipt.survivors().forEach(object.putArray("survivors")::add);
        receipt.entries().forEach(object.putArray("entries")::add);
        return object;
    }

    /** @param openings where personal facts can be opened; those that were erased stay as they are */
    static ObjectNode asJson(LoggedEntry logged, Optional<Openings> openings) {
        ObjectNode object = JSON.createObjectNode()
                .put("index", logged.index())
                .put("time", time(logged).toString())
                .put("organisation", logged.actorName())
                .put("action", logged.entry().getAction())
                .put("outcome", logged.entry().getOutcome().name().toLowerCase(Locale.ROOT))
                .put("run", logged.entry().getRunId())
                .put("round", logged.entry().getRound())
                .put("attempt", logged.entry().getAttempt())
                .put("phase", logged.entry().getPhase())
                .put("detail", logged.entry().getDetail());
        ObjectNode facts = object.putObject("facts");
        ObjectNode opened = JSON.createObjectNode();
        for (Fact fact : logged.entry().getFactList()) {
            facts.put(fact.getName(), fact.getValue());
            openings.flatMap(all -> all.open(fact.getName(), fact.getValue()))
                    .ifPresent(value -> opened.put(fact.getName(), value));
        }
        if (!opened.isEmpty()) {
            object.set("opened", opened);
        }
        return object;
    }

    static Instant time(LoggedEntry logged) {
        return Instant.ofEpochMilli(logged.entry().getTimeUnixMs());
    }
}
