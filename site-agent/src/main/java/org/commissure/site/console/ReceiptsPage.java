package org.commissure.site.console;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.site.receipt.ReceiptBox;

/** Proofs of where this site's masked vectors went; those on the page are verified now. */
final class ReceiptsPage implements Page {
    private static final List<String> COLUMNS =
            List.of("Run", "Round", "Sum", "Attempt", "Masked vector", "One of", "Verified now");

    private final ConsoleHome home;

    ReceiptsPage(ConsoleHome home) {
        this.home = home;
    }

    @Override
    public View view(Ask ask) {
        ReceiptBox box = ReceiptBox.open(home.home());
        List<Path> files = box.files();
        Paging paging = Paging.of(ask, files.size());
        List<ReceiptBox.Checked> checked =
                paging.of(files).stream().map(box::check).toList();
        Map<String, Object> facts = Map.of(
                "paging",
                paging,
                "receipts",
                checked.stream().map(ReceiptBox.Checked::facts).toList());
        return new View("Receipts", facts, out -> {
            out.element(
                    "p",
                    "Each proves, by the federation's signed log, that what left this hospital was one of n in a released sum. A"
                            + " masked vector looks random by itself.");
            out.table(
                    "Receipts, by run and round",
                    COLUMNS,
                    checked.stream().map(ReceiptsPage::row).toList(),
                    "No receipt yet. The agent fetches one after each released sum.");
            paging.links(out, ask.link("receipts"));
            out.element("p", "The same without this page, also for somebody outside the hospital:");
            out.command("commissure audit verify " + home.home().receipts().resolve("FILE"));
        });
    }

    private static List<String> row(ReceiptBox.Checked checked) {
        return checked.receipt()
                .map(receipt -> List.of(
                        receipt.run(),
                        Integer.toString(receipt.round()),
                        receipt.sum().toLowerCase(Locale.ROOT),
                        Integer.toString(receipt.attempt()),
                        Figures.brief(receipt.maskedSha256()),
                        receipt.survivors().size() + ": " + String.join(", ", receipt.survivors()),
                        "yes"))
                .orElseGet(() -> List.of(
                        String.valueOf(checked.file().getFileName()), "", "", "", "", "", "NO: " + checked.problem()));
    }
}
