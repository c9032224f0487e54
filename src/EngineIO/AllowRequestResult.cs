namespace OrleansRooms.EngineIO;

/// <summary>What <see cref="EngineIOOptions.AllowRequest"/> decided about a client.</summary>
public readonly record struct AllowRequestResult
{
    private AllowRequestResult(bool isAllowed, string? message)
    {
        IsAllowed = isAllowed;
        Message = message;
    }

    /// <summary>The client may open a session.</summary>
    public static AllowRequestResult Allow { get; } = new(isAllowed: true, message: null);

    /// <summary>Whether the client may open a session. The default value of this type refuses.</summary>
    public bool IsAllowed { get; }

    /// <summary>What a refused client is told; <see langword="null"/> stands for <c>Forbidden</c>.</summary>
    public string? Message { get; }

    /// <summary>The client may not open a session. It gets 403 with this message, or 400 when it asked for a WebSocket.</summary>
    /// <param name="message">What the client is told; <see langword="null"/> stands for <c>Forbidden</c>.</param>
    public static AllowRequestResult Refuse(string? message = null) => new(isAllowed: false, message);
}
