namespace OrleansRooms.Silo.Http;

/// <summary>The silo's own web server, for those who watch it; users never talk to it. Read from the section <c>Rooms:Http</c>.</summary>
internal sealed class SiloHttpOptions
{
    public const string Section = "Rooms:Http";

    /// <summary>Where it listens, such as <c>http://127.0.0.1:8080</c>. Default: none, there is no web server.</summary>
    public string? Url { get; set; }

    /// <summary>Whether Orleans' dashboard is at <c>/dashboard</c>. Needs <see cref="DashboardPassword"/>. Default: false.</summary>
    public bool Dashboard { get; set; }

    /// <summary>The name that the dashboard asks for. Default: <c>admin</c>.</summary>
    public string DashboardUser { get; set; } = "admin";

    /// <summary>The password that the dashboard asks for; a secret of at least 12 characters. Default: none.</summary>
    public string? DashboardPassword { get; set; }
}
