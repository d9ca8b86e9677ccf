async def test_opens(browser):
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.set_content("<h1>收到</h1>")
    assert await page.inner_text("h1") == "收到"
