package org.commissure.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The machine's own Chromium on one console. Paths are set, so that nothing is looked for or fetched elsewhere. */
final class Chromium implements AutoCloseable {
    private static final Path BINARY = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Dimension USUAL = new Dimension(1280, 900);
    /** What is left of 1280 pixels at 200 % zoom. */
    static final Dimension ZOOMED = new Dimension(640, 900);

    private final ChromeDriver driver;
    private final String address;
    private final Path screenshots;

    /** @param profile an empty folder */
    Chromium(String address, Path profile, Path screenshots) {
        this.address = address;
        this.screenshots = screenshots;
        ChromeOptions options = new ChromeOptions()
                .setBinary(BINARY.toString())
                .addArguments(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--user-data-dir=" + profile);
        // The certificate is the federation's own, which no browser knows.
        options.setAcceptInsecureCerts(true);
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File(DRIVER.toString()))
                        .usingAnyFreePort()
                        .build(),
                options);
        driver.manage().window().setSize(USUAL);
    }

    /** Skips the test, and says why, where there is no Chromium. */
    static void assume() {
        boolean there = Files.isExecutable(BINARY) && Files.isExecutable(DRIVER);
        if (!there) {
            System.out.println("skipped: no " + BINARY + " or no " + DRIVER + "; deploy/test.sh installs them");
        }
        Assumptions.assumeTrue(there, "Chromium and its driver are not installed");
    }

    void signIn(String name, String password) {
        open("#/overview");
        await("input[name=name]").sendKeys(name);
        find("input[name=password]").sendKeys(password);
        find("form button").click();
        await("nav.main");
    }

    void signOut() {
        find(".who button").click();
        await("input[name=name]");
    }

    /** @param page such as {@code #/runs} */
    void open(String page) {
        driver.get(address + page);
    }

    /** Opens a page and waits until it has loaded what it shows. */
    void show(String page, String element) {
        driver.executeScript("location.hash = arguments[0]", page);
        await(element);
        eventually("nothing is loading", () -> all("main p[role=status]").stream()
                .noneMatch(status -> status.getText().startsWith("Loading")));
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    WebElement await(String css) {
        return new WebDriverWait(driver, PATIENCE)
                .withMessage("no " + css + " in: " + text())
                .until(now -> now.findElement(By.cssSelector(css)));
    }

    interface Condition {
        boolean holds();
    }

    void eventually(String what, Condition condition) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(what)
                .ignoring(StaleElementReferenceException.class)
                .until(now -> condition.holds());
    }

    /** Everything that a reader sees. */
    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    Object script(String source, Object... arguments) {
        return Objects.requireNonNull(driver.executeScript(source, arguments), source);
    }

    void keys(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    void resize(Dimension size) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", size.width, "height", size.height, "deviceScaleFactor", 1, "mobile", false));
    }

    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The whole page, kept as a build artefact. */
    void screenshot(String name) {
        try {
            Files.createDirectories(screenshots);
            Object height = script("return Math.min(document.documentElement.scrollHeight, 6000)");
            Object width = script("return document.documentElement.clientWidth");
            resize(new Dimension(((Number) width).intValue(), ((Number) height).intValue()));
            Files.write(screenshots.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
            resize(new Dimension(((Number) width).intValue(), USUAL.height));
        } catch (IOException e) {
            throw new UncheckedIOException("the screenshot " + name + " cannot be written", e);
        }
    }

    /** Errors that the pages caused: exceptions, and what the policy forbade. */
    void assertQuiet() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .map(Object::toString)
                        .filter(line -> line.contains("SEVERE"))
                        // Asking who is signed in, before anybody is, and a wrong password are answered so.
                        .filter(line -> !line.contains("/api/v1/session - Failed to load resource"))
                        .toList())
                .isEmpty();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
