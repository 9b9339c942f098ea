package org.commissure.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.commissure.deploy.browser.Browser;
import org.commissure.deploy.browser.Readability;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium on one console. */
public final class ConsoleBrowser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int USUAL_WIDTH = 1280;
    /** What is left of 1280 pixels at 200 % zoom. */
    static final int ZOOMED_WIDTH = 640;

    private static final int HEIGHT = 900;
    private static final int TALLEST = 5000;

    private final Browser browser;
    private final String address;

    /** Skips the test, and says why, where there is no Chromium. The certificate is the federation's own: no browser knows it. */
    public ConsoleBrowser(String address) {
        try {
            this.browser = Browser.open("--hide-scrollbars");
        } catch (IOException e) {
            throw new UncheckedIOException("a profile cannot be made", e);
        }
        this.address = address;
        resize(USUAL_WIDTH);
    }

    public void signIn(String name, String password) {
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

    /** Loads the console anew, with nobody signed in. @param page such as {@code #/runs} */
    void open(String page) {
        driver().manage().deleteAllCookies();
        browser.get("about:blank"); // another part of the same address would not be loaded again
        browser.get(address + page);
    }

    /** As a browser that was never anywhere. */
    void forget() {
        driver().executeCdpCommand("Network.clearBrowserCookies", Map.of());
    }

    /** Goes to any address, with whatever cookies there are. */
    void go(String any) {
        browser.get(any);
    }

    void reload() {
        driver().navigate().refresh();
    }

    /** Where the browser is. */
    String address() {
        return browser.address();
    }

    /** Opens a page and waits until it has loaded what it shows. */
    public void show(String page, String element) {
        driver().executeScript("location.hash = arguments[0]", page);
        await(element);
        eventually(
                "nothing is loading",
                () -> all("main p[role=status]").stream()
                        .noneMatch(status -> status.getText().startsWith("Loading")));
    }

    public WebElement find(String css) {
        return browser.find(css);
    }

    public List<WebElement> all(String css) {
        return driver().findElements(By.cssSelector(css));
    }

    WebElement await(String css) {
        eventually(css, () -> !all(css).isEmpty());
        return find(css);
    }

    /** What must come true soon. */
    interface Condition {
        boolean holds();
    }

    void eventually(String what, Condition condition) {
        new WebDriverWait(driver(), PATIENCE)
                .withMessage(() -> what + "; the page says: " + text())
                .ignoring(WebDriverException.class)
                .until(now -> condition.holds());
    }

    /** Everything that a reader sees. */
    public String text() {
        return browser.text();
    }

    public Object script(String source) {
        return browser.script(source);
    }

    public Readability.Contrast contrast() {
        return Readability.contrast(browser);
    }

    Readability.Width width() {
        return Readability.width(browser);
    }

    void press(CharSequence key) {
        focused().sendKeys(key);
    }

    WebElement focused() {
        return driver().switchTo().activeElement();
    }

    void resize(int width) {
        browser.resize(width, HEIGHT);
    }

    /** @param scheme light or dark */
    void prefer(String scheme) {
        browser.prefer(scheme);
    }

    /** Keeps the whole page as a build artefact, up to five windows of it. */
    public void screenshot(String name) {
        int width = ((Number) script("return document.documentElement.clientWidth")).intValue();
        int height = ((Number) script("return document.documentElement.scrollHeight")).intValue();
        browser.resize(width, Math.clamp(height, HEIGHT, TALLEST));
        try {
            var unused = browser.screenshot("coordinator-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException("the screenshot " + name + " cannot be written", e);
        }
        resize(width);
    }

    /** No exception in the pages, and nothing that their policy forbade. */
    public void assertQuiet() {
        assertThat(driver().manage().logs().get(LogType.BROWSER).getAll().stream()
                        .map(Object::toString)
                        .filter(line -> line.contains("SEVERE"))
                        // Asking who is signed in, before anybody is, a wrong password and what a role may not see are
                        // answered so.
                        .filter(line -> !line.contains("Failed to load resource"))
                        .toList())
                .isEmpty();
    }

    private ChromeDriver driver() {
        return browser.driver();
    }

    @Override
    public void close() {
        browser.close();
    }
}
