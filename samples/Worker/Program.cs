using OrleansRooms.Hosting;
using OrleansRooms.Samples.Worker;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddRoomsClient();
builder.Services.AddSocketIOEmitter();
builder.Services.Configure<NewsDeskOptions>(builder.Configuration.GetSection("NewsDesk"));
builder.Services.AddHostedService<NewsDesk>();

try
{
    using var host = builder.Build();
    await host.RunAsync();
    return 0;
}
catch (RoomsStartException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
