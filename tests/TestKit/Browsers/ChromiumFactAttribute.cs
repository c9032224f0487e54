using Xunit;

namespace OrleansRooms.TestKit.Browsers;

/// <summary>A test that needs a Chromium. Without one it is skipped and says how to get it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public ChromiumFactAttribute()
    {
        if (Chromium.Find() is null)
        {
            Skip = "No Chromium found: install one (on Debian, the package chromium) or name its path in CHROME_PATH.";
        }
    }
}
