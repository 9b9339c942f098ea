package org.commissure.site.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.commissure.privacy.audit.MerkleVectors;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exit 0: every vector was judged as it says; 1: not so. */
@Command(
        name = "check-vectors",
        mixinStandardHelpOptions = true,
        description = {
            "Runs published test vectors of Merkle inclusion and consistency proofs (RFC 9162) through",
            "the code that verifies the log. Each vector says whether its proof must be accepted or",
            "refused. The file is a JSON array in the form of transparency-dev/merkle."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0: every vector was judged as it says", "1: some were not", "2: wrong usage", "3: no vectors"},
        footerHeading = "%nExample:%n",
        footer = "  commissure audit check-vectors merkle_inclusion.json --json")
final class AuditCheckVectorsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The vectors.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Print one JSON object with the result of each vector.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        List<MerkleVectors.Result> results = MerkleVectors.judge(read());
        List<MerkleVectors.Result> failed =
                results.stream().filter(result -> !result.passed()).toList();
        if (spec != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? AuditText.pretty(asJson(results, failed)) : asText(results, failed));
            out.flush();
        }
        return failed.isEmpty() ? 0 : 1;
    }

    private JsonNode read() {
        try {
            return AuditText.JSON.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new UserError(file + " is not JSON", "name a file of test vectors", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "check the path", e);
        }
    }

    private static String asText(List<MerkleVectors.Result> results, List<MerkleVectors.Result> failed) {
        StringBuilder text = new StringBuilder();
        failed.forEach(result -> text.append("FAILED ")
                .append(result.kind())
                .append(' ')
                .append(result.id())
                .append(result.accepted() ? ": accepted, must be refused\n" : ": refused, must be accepted\n"));
        return text.append(results.size() - failed.size())
                .append(" of ")
                .append(results.size())
                .append(" vectors passed")
                .toString();
    }

    private static ObjectNode asJson(List<MerkleVectors.Result> results, List<MerkleVectors.Result> failed) {
        ObjectNode object = AuditText.JSON
                .createObjectNode()
                .put("ok", failed.isEmpty())
                .put("vectors", results.size())
                .put("passed", results.size() - failed.size())
                .put("failed", failed.size());
        ArrayNode each = object.putArray("results");
        results.forEach(result -> each.addObject()
                .put("id", result.id())
                .put("kind", result.kind())
                .put("expected", result.expected() ? "accept" : "refuse")
                .put("found", result.accepted() ? "accept" : "refuse")
                .put("passed", result.passed()));
        return object;
    }
}
