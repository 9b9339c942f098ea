package org.commissure.deploy.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A headless Chromium with a profile of its own. Driver and binary are named, so Selenium downloads nothing. Confined to
 * one thread; must be closed.
 */
public final class Browser implements AutoCloseable {
    private static final File BINARY = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private final Path profile;
    private final ChromeDriver driver;

    private Browser(Path profile, ChromeDriver driver) {
        this.profile = profile;
        this.driver = driver;
    }

    /**
     * Starts one, or skips the calling test with the reason where Chromium is not installed.
     *
     * @param more flags besides those that every test needs, for example {@code --blink-settings=…}
     */
    public static Browser open(String... more) throws IOException {
        assumeTrue(
                BINARY.canExecute() && DRIVER.canExecute(),
                "skipped: " + BINARY + " or " + DRIVER
                        + " is not here; install Debian's packages chromium and chromium-driver");
        Path profile = Files.createTempDirectory("commissure-browser-");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BINARY);
        options.setAcceptInsecureCerts(true);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,900",
                "--user-data-dir=" + profile);
        options.addArguments(List.of(more));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER)
                .usingAnyFreePort()
                .build();
        return new Browser(profile, new ChromeDriver(service, options));
    }

    public ChromeDriver driver() {
        return driver;
    }

    public void get(String address) {
        driver.get(address);
    }

    /** What a script returns, which must be something. */
    public Object script(String source) {
        return Objects.requireNonNull(driver.executeScript(source), source);
    }

    /** Colours as the reader's system asks for them. @param scheme light or dark */
    public void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The inside of the window in CSS pixels, exactly. Half of a screen's width is what 200 % zoom leaves of it. */
    public void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** The first element that the selector finds. */
    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    /** What a reader sees of the page. */
    public String text() {
        return find("body").getText();
    }

    /**
     * Waits for a condition; fails with Selenium's own exception where it does not come in time. A page that is just being
     * replaced cannot be asked; that is asked again.
     */
    public <T> T await(Duration patience, ExpectedCondition<T> condition) {
        return new WebDriverWait(driver, patience)
                .ignoring(WebDriverException.class)
                .until(condition);
    }

    /** Where the page is. */
    public String address() {
        return await(PATIENCE, WebDriver::getCurrentUrl);
    }

    /** Keeps what the window shows as {@code target/screenshots/NAME.png}. */
    public Path screenshot(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        return Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the browser's profile cannot be deleted", e);
        }
    }
}
