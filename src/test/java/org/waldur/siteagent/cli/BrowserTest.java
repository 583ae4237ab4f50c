package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.membership.MembershipSite;
import org.waldur.siteagent.simulator.SlurmFault;

/** The status page in a real browser. It is skipped, loudly, where there is none: {@code apt-get install chromium chromium-driver}. */
class BrowserTest extends MembershipSite {
    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private ChromeDriver browser() {
        boolean there = Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER);
        if (!there) {
            System.err.println("SKIPPED: the status page in a browser, because chromium and chromium-driver are not installed");
        }
        assumeTrue(there, "chromium and chromium-driver are not installed");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.toFile());
        options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=" + folder.resolve("browser"));
        options.setCapability("goog:loggingPrefs", logs);
        return new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(new File(DRIVER.toString())).build(), options, org.openqa.selenium.remote.http.ClientConfig.defaultConfig()
                .readTimeout(Duration.ofMinutes(1)));
    }

    private static List<String> texts(ChromeDriver browser, String selector) {
        return browser.findElements(By.cssSelector(selector)).stream().map(WebElement::getText).toList();
    }

    @Test
    void thePageIsGoodToLookAt() throws Exception {
        sync();
        List.of("alice", "bob", "carol", "dave").forEach(user -> site.waldur.leave("proj-1", user));
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("qos"), 1, " <b>Problem</b> talking to the database").times(9));
        site.property("agent.listen", "127.0.0.1:0");
        ChromeDriver browser = browser();
        try (Site.Serving service = site.service(Mode.MEMBERSHIP_SYNC)) {
            String address = service.status().toString();
            browser.get(address);
            for (long since = System.nanoTime(); texts(browser, "#held td").isEmpty(); browser.get(address)) {
                assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofMinutes(1));
            }
            assertThat(browser.getTitle()).isEqualTo("held: Waldur site agent");
            assertThat(browser.findElement(By.id("state")).getCssValue("color")).as("the style is not refused by the policy").isNotEqualTo(browser.findElement(By.tagName("h1")).getCssValue("color"));
            assertThat(texts(browser, "#modes tr td:first-child")).containsExactly("order_process", "report", "membership_sync");
            assertThat(texts(browser, "#held td")).contains("do not remove alice, bob, carol, dave from account hpc_one");
            assertThat(texts(browser, "#letters td")).anyMatch(cell -> cell.contains("apply -m membership_sync --checksum"));
            for (int width : List.of(1280, 900)) {
                browser.manage().window().setSize(new Dimension(width, 900));
                assertThat((Boolean) browser.executeScript("return [...document.querySelectorAll('.scroll')].every(each => each.scrollWidth <= each.clientWidth)"))
                        .as("every column is to be seen at " + width).isTrue();
            }
            for (int width : List.of(1280, 500)) {
                browser.manage().window().setSize(new Dimension(width, 900));
                assertThat((Boolean) browser.executeScript("return document.documentElement.scrollWidth <= document.documentElement.clientWidth")).as("nothing sticks out at " + width).isTrue();
            }
            assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).as("nothing was refused or not found").filteredOn(entry -> !entry.getMessage().contains("favicon")).isEmpty();
        } finally {
            browser.quit();
        }
    }
}
