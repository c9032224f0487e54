using Microsoft.Extensions.Options;

namespace OrleansRooms.SocketIO;

/// <summary>Finds what does not add up in the parser's options.</summary>
internal sealed class JsonParserOptionsValidator : IValidateOptions<JsonParserOptions>
{
    public ValidateOptionsResult Validate(string? name, JsonParserOptions options)
    {
        List<string> mistakes = [];
        if (options.MaxAttachments < 1)
        {
            mistakes.Add($"{nameof(options.MaxAttachments)} is {options.MaxAttachments}; set it to 1 or more.");
        }

        if (options.MaxDepth < 1)
        {
            mistakes.Add($"{nameof(options.MaxDepth)} is {options.MaxDepth}; set it to 1 or more.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
